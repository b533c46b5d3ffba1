// The types of `libmpass/challenge`: those of the whole package.
export * from './oath.js';
export {
  Challenge, Issued, Keyring, MemoryStore, Pending, PhoneNumber, Policy, Token, activateStoreKey,
  confirmStore, initializeStore, openStore, probe, readStoreHeader, removeStoreKey, storeRestored,
  upgradeStore,
} from './index.js';
export type {
  Attempt, Binding, Clock, Current, Document, Issuance, Issue, Limit, PolicySettings, RefusalReason,
  RestoredState, Store, StoreHeader, Subject, SubjectKind, Swap, Swapped, TokenPolicy, TokenState,
  TokenStatus, Verdict,
} from './index.js';
