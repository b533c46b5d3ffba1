// A store in Durable Objects, from the side of its callers.
import { choice, optional, options, storeKey, text, u32 } from './check.js';
import { MpassError } from './errors.js';
import { KINDS } from './lists.js';

const SHARDS = 16;
const MOST_SHARDS = 1024;

const kindName = choice(Object.keys(KINDS));

function shardCount(value, what) {
  const count = u32(value, what);
  if (count < 1 || count > MOST_SHARDS) throw new RangeError(`${what} is 1 to ${MOST_SHARDS}`);
  return count;
}

const SETTINGS = { name: text, shards: shardCount, locationHint: text };

/** A binding of Durable Objects. */
function binding(value) {
  if (typeof value?.idFromName !== 'function' || typeof value.get !== 'function') {
    throw new TypeError('the namespace is a binding of Durable Objects');
  }
  return value;
}

/**
 * Whether a call that failed may be repeated: the object was restarted, by a
 * deployment for example, and is not overloaded.
 */
const isRetryable = (error) => error?.retryable === true && error.overloaded !== true;

/** What the message of an object's error has where its storage is full: RPC keeps no more. */
const FULL = 'StoreFull';

/** The error of an object that has no room for a value. */
export const storeFull = (cause) =>
  MpassError.of('StoreFull', { message: `${FULL}: ${cause.message}`, cause });

export class DurableObjectStore {
  #namespace;
  #name;
  #shards;
  #options;

  constructor(namespace, settings) {
    this.#namespace = binding(namespace);
    const { name = 'mpass', shards = SHARDS, locationHint } = options(
      settings, 'DurableObjectStore', SETTINGS);
    this.#name = name;
    this.#shards = shards;
    this.#options = locationHint === undefined ? undefined : { locationHint };
  }

  /**
   * A stub for the object of a shard. It is made for each call: after an error, a stub
   * may not be used again. The number of shards is in the name, so that a store
   * that is opened with another number has no header.
   */
  #shard(index) {
    const id = this.#namespace.idFromName(`${this.#name}/${this.#shards}/${index}`);
    return this.#namespace.get(id, this.#options);
  }

  /**
   * The shard of a key: each has an equal range of keys, so that documents are listed in
   * the order of the shards. Keys are uniformly distributed.
   */
  #indexOf(key) {
    return ((key[0] << 8 | key[1]) * this.#shards) >>> 16;
  }

  /** Reads from a shard, and once more where that may help. */
  async #read(index, call) {
    try {
      return await call(this.#shard(index));
    } catch (error) {
      if (!isRetryable(error)) throw error;
      return call(this.#shard(index));
    }
  }

  async load(kind, key) {
    kindName(kind, 'kind');
    storeKey(key, 'key');
    return this.#read(this.#indexOf(key), (shard) => shard.load(kind, key));
  }

  async swap(swap) {
    kindName(swap?.kind, 'kind');
    storeKey(swap.key, 'key');
    try {
      // Not repeated: the engine reads back whether it was stored.
      return await this.#shard(this.#indexOf(swap.key)).swap(swap);
    } catch (error) {
      throw error?.message?.includes(FULL) ? storeFull(error) : error;
    }
  }

  async list(after, limit) {
    optional(after, 'after', storeKey);
    u32(limit, 'the limit');
    const documents = [];
    for (let index = after ? this.#indexOf(after) : 0; index < this.#shards; index += 1) {
      const most = limit - documents.length;
      if (most === 0) break;
      documents.push(...await this.#read(index, (shard) => shard.list(after, most)));
    }
    return documents;
  }
}
