// The types of the store in Durable Objects. They describe what the store uses of the
// Workers runtime, and fit its own types without depending on them.
import { Bytes } from './bytes.js';
import { Document, Store, Swap, Swapped } from './index.js';
import { Kind } from './lists.js';

/** What the store uses of a `DurableObjectNamespace`. */
export interface ObjectNamespace {
  idFromName(name: string): unknown;
  get(id: any, options?: any): unknown;
}

/** What an object uses of its `DurableObjectState`. */
export interface ObjectState {
  readonly storage: {
    readonly sql: object;
    transactionSync<T>(closure: () => T): T;
    getAlarm(): Promise<number | null>;
    setAlarm(scheduledTime: number): Promise<void>;
  };
  blockConcurrencyWhile<T>(callback: () => Promise<T>): Promise<T>;
}

export interface DurableObjectStoreSettings {
  /**
   * The name of the store, for several stores in one namespace; default `mpass`. A
   * store of another name is another store.
   */
  name?: string;
  /**
   * Over how many objects the values are distributed, 1 to 1,024; default 16. An object
   * serves about 1,000 calls a second, and a request to a contract makes about three of
   * them. The number of a store cannot be changed: with another number, it is another
   * store, which has no header.
   */
  shards?: number;
  /**
   * Where objects are created, such as `weur`; default: near the first caller. Objects
   * that exist stay where they are. For a jurisdiction, pass
   * `namespace.jurisdiction('eu')` as the namespace.
   */
  locationHint?: string;
}

/**
 * A {@link Store} in the objects of a class {@link StoreShard}. Making one is cheap: it
 * may be made for each request. A call that fails because the object was restarted is
 * repeated once if it only reads; other errors of the runtime reach the engine, which
 * reads back whether a swap was stored.
 */
export class DurableObjectStore implements Store {
  constructor(namespace: ObjectNamespace, settings?: DurableObjectStoreSettings);
  load(kind: Kind, key: Uint8Array): Promise<Bytes | null>;
  swap(swap: Swap, nowMs?: number): Promise<Swapped>;
  list(after: Uint8Array | null | undefined, limit: number): Promise<Document[]>;
}

/**
 * The Durable Object with the values of a shard, in SQLite. Export it, or a class that
 * extends it, from the main module of the worker, and name it in `new_sqlite_classes`:
 * it works with SQLite storage only. Values that have expired are dropped by its alarm.
 *
 * A subclass may have methods and tables of its own, whose names do not begin with
 * `mpass_`. An object has one alarm: a subclass does not set it. An object is itself a
 * {@link Store} of its values: code that runs in the only object of a store (`shards: 1`)
 * uses `this`.
 */
export class StoreShard<Env = any> implements Store {
  /**
   * The shortest time between two alarms that drop values, in milliseconds; default 60,000,
   * at least 100.
   */
  static sweepIntervalMs: number;
  /** How many values an alarm drops; default 1,000. More are dropped 100 ms later. */
  static sweepBatch: number;
  /** What makes it fit `DurableObjectNamespace<StoreShard>`; there is no such property. */
  readonly __DURABLE_OBJECT_BRAND: never;
  protected ctx: any;
  protected env: Env;
  constructor(ctx: ObjectState, env: Env);
  load(kind: Kind, key: Uint8Array): Promise<Bytes | null>;
  swap(swap: Swap): Promise<Swapped>;
  list(after: Uint8Array | null, limit: number): Promise<Document[]>;
  alarm(): Promise<void>;
}
