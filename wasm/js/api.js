// What every entry exports.
export { Challenge } from './challenge.js';
export { backend } from './crossing.js';
export { MpassError } from './errors.js';
export {
  activateStoreKey, confirmStore, initializeStore, openStore, readStoreHeader, removeStoreKey,
  storeRestored, upgradeStore,
} from './header.js';
export { version } from './instance.js';
export { Keyring } from './keyring.js';
export { ERRORS } from './lists.js';
export { PhoneNumber } from './number.js';
export { Hotp, Secret, Totp } from './oath.js';
export { Ocra } from './ocra.js';
export { Issued, Pending } from './pending.js';
export { probe } from './probe.js';
export { fromFetch, serve, toResponse } from './serve.js';
export { Engine, Exchange } from './service.js';
export { Policy } from './settings.js';
export { MemoryStore } from './store.js';
export { Channel, Client, Customer, androidAppHash } from './tenant.js';
export { Tenants } from './tenants.js';
export { Token } from './token.js';
export { KeyUri } from './uri.js';
