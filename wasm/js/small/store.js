// The memory store of an entry whose module has none, by the rules of the engine's,
// which `probe` checks.
import { bytes, choice, optional, options, storeKey, time, u32, u64 } from '../check.js';
import { MpassError } from '../errors.js';
import { Handle, OWN, inner } from '../instance.js';
import { KINDS } from '../lists.js';

/** The longest values, in bytes. */
const LONGEST = { state: 96, document: 16_384 };
/** Values that each swap checks for expiry: more than it adds, so that all are. */
const LOOKS = 4;

const kindName = choice(Object.keys(KINDS));
const SWAP = { kind: kindName, key: storeKey, expected: bytes, value: bytes, expiresAtMs: time };

/** A key as a text, which is ordered as its bytes are. */
const nameOf = (key) => String.fromCharCode(...key);
const keyOf = (name) => Uint8Array.from(name, (letter) => letter.charCodeAt(0));
const same = (one, other) => one?.length === other?.length
  && (one?.every((byte, at) => byte === other[at]) ?? true);

/** The values of a kind. */
class Values {
  held = new Map();
  /** The latest expiry of a value that was dropped. */
  #droppedUntilMs = 0n;

  /** Whether a value that expires then would have been dropped before. */
  hasDropped(expiresAtMs) {
    return expiresAtMs !== undefined && expiresAtMs <= this.#droppedUntilMs;
  }

  /** Looks at the values that were not looked at for the longest time. */
  dropExpired(nowMs, looks) {
    let left = Math.min(looks, this.held.size);
    for (const [name, value] of this.held) {
      if (left === 0) break;
      left -= 1;
      // A map is in the order in which its values were set.
      this.held.delete(name);
      if (value.expiresAtMs === undefined || value.expiresAtMs > nowMs) {
        this.held.set(name, value);
      } else if (value.expiresAtMs > this.#droppedUntilMs) {
        this.#droppedUntilMs = value.expiresAtMs;
      }
    }
  }
}

export class MemoryStore extends Handle {
  static name = 'MemoryStore';

  constructor(capacity) {
    u32(capacity, 'the capacity');
    super(OWN, { capacity, state: new Values(), document: new Values() });
  }

  get size() {
    const { state, document } = inner(this, MemoryStore);
    return state.held.size + document.held.size;
  }

  async load(kind, key) {
    const store = inner(this, MemoryStore);
    kindName(kind, 'kind');
    storeKey(key, 'key');
    return store[kind].held.get(nameOf(key))?.value.slice() ?? null;
  }

  async swap(swap, nowMs) {
    const store = inner(this, MemoryStore);
    const { kind, key, expected, value, expiresAtMs } = options(
      swap, 'the swap', SWAP, ['kind', 'key', 'value']);
    const now = time(nowMs, 'nowMs');
    const [values, name] = [store[kind], nameOf(key)];
    const current = values.held.get(name)?.value;
    if (!same(current, expected)) return { stored: false, current: current?.slice() ?? null };
    if (value.length > LONGEST[kind]) throw MpassError.of('StoreFailed');
    if (current === undefined) {
      if (values.hasDropped(expiresAtMs)) return { stored: false, expired: true };
      this.#makeRoom(now);
    }
    values.held.set(name, { value: value.slice(), expiresAtMs });
    store.state.dropExpired(now, LOOKS);
    return { stored: true };
  }

  /** Room for a value, from expired ones if the store is full. */
  #makeRoom(now) {
    const { capacity, state, document } = inner(this, MemoryStore);
    if (this.size < capacity) return;
    state.dropExpired(now, capacity);
    document.dropExpired(now, capacity);
    if (this.size >= capacity) throw MpassError.of('StoreFull');
  }

  async list(after, limit) {
    const { document: { held } } = inner(this, MemoryStore);
    const given = optional(after, 'after', storeKey);
    u32(limit, 'the limit');
    const from = given && nameOf(given);
    const names = [...held.keys()].filter((name) => from === undefined || name > from).sort();
    return names.slice(0, limit).map((name) =>
      ({ key: keyOf(name), value: held.get(name).value.slice() }));
  }
}
