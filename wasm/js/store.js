// The memory store.
import { bytes, choice, options, storeKey, time, u32, u64 } from './check.js';
import { Handle, OWN, inner, object, perform } from './instance.js';
import { KINDS } from './lists.js';
import * as operation from './operations.js';
import { NEVER } from './swap.js';

const kindName = choice(Object.keys(KINDS));
const SWAP = { kind: kindName, key: storeKey, expected: bytes, value: bytes, expiresAtMs: u64 };

export class MemoryStore extends Handle {
  constructor(capacity) {
    u32(capacity, 'the capacity');
    const write = (input) => input.u64(capacity);
    super(OWN, perform(operation.MEMORY_STORE_NEW, 0, write, object));
  }

  get size() {
    const store = inner(this, MemoryStore);
    return perform(operation.MEMORY_STORE_LENGTH, store, undefined, (reply) => reply.u32());
  }

  async load(kind, key) {
    const store = inner(this, MemoryStore);
    kindName(kind, 'kind');
    storeKey(key, 'key');
    const write = (input) => input.u8(KINDS[kind]).raw(key);
    return perform(operation.MEMORY_STORE_LOAD, store, write, (reply) =>
      reply.optional(reply.bytes));
  }

  async swap(swap, nowMs) {
    const store = inner(this, MemoryStore);
    const { kind, key, expected, value, expiresAtMs = NEVER } = options(
      swap, 'the swap', SWAP, ['kind', 'key', 'value']);
    const now = time(nowMs);
    const write = (input) => {
      input.u8(KINDS[kind]).raw(key).optional(expected, input.bytes).bytes(value);
      input.u64(expiresAtMs).u64(now);
    };
    return perform(operation.MEMORY_STORE_SWAP, store, write, (reply) => {
      const stored = reply.bool();
      return stored ? { stored } : { stored, current: reply.optional(reply.bytes) };
    });
  }
}
