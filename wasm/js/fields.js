// Written by `cargo xtask lists`; do not edit.

// Of every setting its number, its type and the groups that have it.
export const FIELDS = Object.freeze({
  digits: {
    number: 101,
    type: 'u32',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  lifetimeMs: {
    number: 102,
    type: 'ms',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  tries: {
    number: 103,
    type: 'u32',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  resendIntervalMs: {
    number: 104,
    type: 'ms',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  sends: {
    number: 105,
    type: 'limit',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  guesses: {
    number: 106,
    type: 'limit',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  failuresToLock: {
    number: 107,
    type: 'u32',
    groups: ['policy', 'token', 'channel', 'customer', 'client'],
  },
  lockMs: {
    number: 108,
    type: 'ms',
    groups: ['policy', 'token', 'channel', 'customer', 'client'],
  },
  spend: {
    number: 109,
    type: 'limit',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  callingCodes: {
    number: 110,
    type: 'numbers',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  allowWeak: {
    number: 111,
    type: 'flag',
    groups: ['policy', 'channel', 'customer', 'client'],
  },
  lookAhead: {
    number: 201,
    type: 'u32',
    groups: ['token'],
  },
  past: {
    number: 202,
    type: 'u32',
    groups: ['token'],
  },
  future: {
    number: 203,
    type: 'u32',
    groups: ['token'],
  },
  resyncWindow: {
    number: 204,
    type: 'u32',
    groups: ['token'],
  },
  delayMs: {
    number: 205,
    type: 'ms',
    groups: ['token'],
  },
  name: {
    number: 301,
    type: 'text',
    groups: ['channel', 'customer', 'client'],
  },
  addresses: {
    number: 302,
    type: 'texts',
    groups: ['channel', 'customer', 'client'],
  },
  apps: {
    number: 303,
    type: 'texts',
    groups: ['channel'],
  },
  country: {
    number: 304,
    type: 'u32',
    groups: ['channel'],
  },
  host: {
    number: 305,
    type: 'text',
    groups: ['channel', 'customer', 'client'],
  },
  texts: {
    number: 306,
    type: 'map',
    groups: ['channel', 'customer'],
  },
  sender: {
    number: 308,
    type: 'text',
    groups: ['channel', 'customer', 'client'],
  },
  testCredits: {
    number: 309,
    type: 'u64',
    groups: ['customer'],
  },
  scopes: {
    number: 310,
    type: 'texts',
    groups: ['client'],
  },
  redirectUris: {
    number: 311,
    type: 'texts',
    groups: ['client'],
  },
  publicKey: {
    number: 312,
    type: 'bytes',
    groups: ['client'],
  },
  idTokenAlg: {
    number: 313,
    type: ['ES256', 'RS256'],
    groups: ['client'],
  },
  androidAppHashes: {
    number: 333,
    type: 'texts',
    groups: ['channel', 'customer', 'client'],
  },
  issuer: {
    number: 401,
    type: 'text',
    groups: ['engine'],
  },
  tokenUse: {
    number: 402,
    type: ['once', 'within_life'],
    groups: ['engine'],
  },
});
