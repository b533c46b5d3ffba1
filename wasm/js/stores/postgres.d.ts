// The types of the store in PostgreSQL. They describe what it uses of a pool, and fit
// those of pg without depending on them.
import { Bytes } from '../bytes.js';
import { Document, Store, Swap, Swapped } from '../index.js';
import { Kind } from '../lists.js';

/** A `Pool` of pg 8.16 or newer. */
export interface PgPool {
  connect(): Promise<any>;
  readonly totalCount: number;
}

export interface PostgresStoreSettings {
  /**
   * The time limit of a statement in milliseconds, 1 to 60,000; default 5,000. After it,
   * the connection is dropped and the engine reads back what happened.
   */
  timeoutMs?: number;
}

/**
 * A store in PostgreSQL 15 or newer. Each swap is one statement in a transaction of its
 * own; a connection on which one is open is refused, and so is one with `fsync` or
 * `synchronous_commit` off, a standby and a read-only one.
 */
export class PostgresStore implements Store {
  constructor(pool: PgPool, settings?: PostgresStoreSettings);
  /** Creates the tables that are missing. */
  migrate(): Promise<void>;
  load(kind: Kind, key: Bytes): Promise<Uint8Array | null>;
  swap(swap: Swap, nowMs: number): Promise<Swapped>;
  list(after: Bytes | null, limit: number): Promise<Document[]>;
  /**
   * Removes values that expired a day ago or earlier, at most `limit` (default 1,000)
   * of each kind; returns how many. The call before has announced them, so that no insert
   * in progress brings them back: call it once a minute.
   */
  removeExpired(limit?: number): Promise<number>;
}
