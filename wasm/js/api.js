// What every entry exports.
export { Challenge, Issued, Keyring, Pending, Policy, Token } from './challenge.js';
export { MpassError } from './errors.js';
export { backend, version } from './instance.js';
export { ERRORS } from './lists.js';
export { PhoneNumber } from './number.js';
export { Hotp, KeyUri, Ocra, Secret, Totp } from './oath.js';
export { probe } from './probe.js';
export { Engine, Exchange, fromFetch, serve, toResponse } from './service.js';
export { MemoryStore } from './store.js';
export {
  Channel, Client, Credits, Customer, TenantWrite, createChannel, createClient, createCustomer,
} from './tenant.js';
