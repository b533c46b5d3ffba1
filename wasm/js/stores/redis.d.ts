// The types of the store in Redis. They describe what it uses of a client, and fit those
// of ioredis and node-redis without depending on them.
import { Bytes } from '../bytes.js';
import { Document, Store, Swap, Swapped } from '../index.js';
import { Kind } from '../lists.js';

/** A client of ioredis, for one server, sentinels or a cluster. */
export interface IoredisClient {
  callBuffer(command: string, ...parameters: any[]): Promise<any>;
}

/** A client of node-redis 5 or newer. */
export interface NodeRedisClient {
  withTypeMapping(mapping: any): any;
}

export interface RedisStoreSettings {
  /** What the keys of this store begin with; default `mpass:`. */
  prefix?: string;
  /** The time limit of a command in milliseconds, 1 to 60,000; default 2,000. */
  timeoutMs?: number;
  /**
   * A swap counts as stored once this many replicas have it (`WAIT`). Give the number of
   * all that can be promoted. What they have not acknowledged within `timeoutMs`
   * (default 1,000) is not stored for the engine, and the attempt is spent.
   */
  acknowledge?: { replicas: number; timeoutMs?: number };
}

/**
 * A store in Redis 7.0 or newer, or Valkey. Each swap is one script on one key.
 *
 * Without persistence and replicas, whose settings this class does not check, a restart
 * loses what was stored; `docs/STORES.md` of the repository says which settings keep what.
 * `list` reads the keys of all documents for each page.
 */
export class RedisStore implements Store {
  constructor(client: IoredisClient | NodeRedisClient, settings?: RedisStoreSettings);
  load(kind: Kind, key: Bytes): Promise<Uint8Array | null>;
  swap(swap: Swap, nowMs: number): Promise<Swapped>;
  list(after: Bytes | null, limit: number): Promise<Document[]>;
}
