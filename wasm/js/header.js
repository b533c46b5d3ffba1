// The header of a store: whose keyring it belongs to, its formats, and when it was
// restored.
import { flag, optional, options, own, time, u16 } from './check.js';
import { change } from './change.js';
import { inner, perform } from './instance.js';
import { Keyring } from './keyring.js';
import * as operation from './operations.js';

const readHeader = (reply) => Object.freeze({
  layout: reply.u16(),
  writeFormat: reply.u16(),
  numberTable: reply.u16(),
  activeKey: reply.u16(),
  keys: Object.freeze(reply.list(reply.u16)),
  restoredAtMs: reply.optional(reply.number),
  confirmedAtMs: reply.optional(reply.number),
  isClosed: reply.bool(),
  movedTo: reply.optional(reply.text),
});

async function run(number, keyring, store, clock, write) {
  const keys = inner(keyring, Keyring);
  return change(store, clock, (handle) => perform(number, keys, (input) => {
    input.entropy(32);
    write?.(input);
  }, handle), readHeader);
}

const withId = (number) => async (keyring, store, id, clock) => {
  u16(id, 'the id');
  return run(number, keyring, store, clock, (input) => input.u16(id));
};

const plain = (number) => (keyring, store, clock) => run(number, keyring, store, clock);

export const openStore = plain(operation.HEADER_OPEN);
export const readStoreHeader = plain(operation.HEADER_READ);
export const initializeStore = plain(operation.HEADER_INITIALIZE);
export const storeRestored = plain(operation.HEADER_RESTORE);
export const confirmStore = plain(operation.HEADER_CONFIRM);
export const activateStoreKey = withId(operation.HEADER_ACTIVATE);
export const removeStoreKey = withId(operation.HEADER_REMOVE_KEY);
export const upgradeStore = plain(operation.HEADER_UPGRADE);

/** What an engine applies of a header. */
export function stateOfStore(header) {
  if (typeof header !== 'object' || header === null) throw new TypeError('the header is an object');
  return {
    restoredAtMs: optional(own(header, 'restoredAtMs'), 'restoredAtMs', time),
    isClosed: flag(own(header, 'isClosed'), 'isClosed') || (own(header, 'movedTo') ?? null) !== null,
  };
}

const RESTORED = { restoredAtMs: time };
const ENROLLED = { restoredAtMs: time, isEnrolled: flag };

/** When the store of a challenge was restored. */
export const restored = (value) => options(value, 'the state of the store', RESTORED);
/** The same of a token, and whether it has a record. */
export const enrolled = (value) => options(value, 'the state of the token', ENROLLED);
