// Stores: what crosses to one, and the one in memory.
import { bytes, options, storeKey, text, u32, u64 } from './check.js';
import { expiry } from './challenge.js';
import { Handle, OWN, call, inner } from './instance.js';
import { KINDS } from './lists.js';

const NEVER = (1n << 64n) - 1n;

/** The name of a kind of value. */
export const kindOf = (number) => Object.keys(KINDS).find((name) => KINDS[name] === number);

function numberOf(kind) {
  if (!Object.hasOwn(KINDS, text(kind, 'kind'))) {
    throw new TypeError(`kind is one of ${Object.keys(KINDS).join(', ')}`);
  }
  return KINDS[kind];
}

/** A swap as a store gets it. */
export function swapOf([kind, key, expected, value, expiresAtMs]) {
  return { kind: kindOf(kind), key, expected, value, expiresAtMs: expiry(expiresAtMs) };
}

const SWAP = { kind: text, key: bytes, expected: bytes, value: bytes, expiresAtMs: u64 };

export class MemoryStore extends Handle {
  constructor(capacity) {
    u32(capacity, 'the capacity');
    super(OWN, call((mpass) => new mpass.MemoryStore(capacity)));
  }

  get size() {
    const store = inner(this, MemoryStore);
    return call(() => store.size());
  }

  async load(kind, key) {
    const store = inner(this, MemoryStore);
    const number = numberOf(kind);
    storeKey(key, 'key');
    return call(() => store.load(number, key)) ?? null;
  }

  async swap(swap, nowMs) {
    const store = inner(this, MemoryStore);
    const { kind, key, expected, value, expiresAtMs = NEVER } = options(swap, 'the swap', SWAP);
    const number = numberOf(kind);
    storeKey(key, 'key');
    bytes(value, 'value');
    const now = u64(nowMs, 'the time in milliseconds');
    const [stored, current] = call(() =>
      store.swap(number, key, expected, value, expiresAtMs, now));
    return stored ? { stored } : { stored, current };
  }
}
