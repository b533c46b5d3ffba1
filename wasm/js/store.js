// The memory store.
import { bytes, choice, optional, options, storeKey, time, u32, u64 } from './check.js';
import { Handle, OWN, inner, object, perform } from './instance.js';
import { KINDS } from './lists.js';
import * as operation from './operations.js';
import { readKey } from './swap.js';

// The outcomes of a swap; 0 is a conflict.
const STORED = 1;
const EXPIRED = 2;

const kindName = choice(Object.keys(KINDS));
const SWAP = { kind: kindName, key: storeKey, expected: bytes, value: bytes, expiresAtMs: time };

export class MemoryStore extends Handle {
  static name = 'MemoryStore';

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
    const { kind, key, expected, value, expiresAtMs } = options(
      swap, 'the swap', SWAP, ['kind', 'key', 'value']);
    const now = time(nowMs, 'nowMs');
    const write = (input) => {
      input.u8(KINDS[kind]).raw(key).optional(expected, input.bytes).bytes(value);
      input.optional(expiresAtMs, input.u64).u64(now);
    };
    return perform(operation.MEMORY_STORE_SWAP, store, write, (reply) => {
      const outcome = reply.u8();
      if (outcome === STORED) return { stored: true };
      if (outcome === EXPIRED) return { stored: false, expired: true };
      return { stored: false, current: reply.optional(reply.bytes) };
    });
  }

  async list(after, limit) {
    const store = inner(this, MemoryStore);
    optional(after, 'after', storeKey);
    u32(limit, 'the limit');
    const write = (input) => input.optional(after, input.raw).u32(limit);
    return perform(operation.MEMORY_STORE_LIST, store, write, (reply) =>
      reply.list(() => ({ key: readKey(reply), value: reply.bytes() })));
  }
}
