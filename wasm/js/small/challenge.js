// What `libmpass/challenge` exports.
export * from './oath.js';
export { Challenge } from '../challenge.js';
export {
  activateStoreKey, confirmStore, initializeStore, openStore, readStoreHeader, removeStoreKey,
  storeRestored, upgradeStore,
} from '../header.js';
export { Keyring } from '../keyring.js';
export { PhoneNumber } from '../number.js';
export { Issued, Pending } from '../pending.js';
export { probe } from '../probe.js';
export { Policy } from '../settings.js';
export { MemoryStore } from '../store.js';
export { Token } from '../token.js';
