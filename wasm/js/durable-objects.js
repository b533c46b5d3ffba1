// A store in Durable Objects: the object with the values of a shard.
import { DurableObject } from 'cloudflare:workers';
import { storeFull } from './durable-store.js';
import { KINDS } from './lists.js';

export { DurableObjectStore } from './durable-store.js';

// The latest time of an alarm: the latest of a Date.
const LATEST_MS = 8_640_000_000_000_000;
// An alarm that an alarm sets to its own time, which may be now, does not run.
const LEAST_PAUSE_MS = 100;

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS mpass_values (
    kind INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    expires_at_ms INTEGER,
    PRIMARY KEY (kind, key)
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS mpass_expiries ON mpass_values (expires_at_ms)
    WHERE expires_at_ms IS NOT NULL`,
  // One row: the latest expiry of a value that was dropped.
  `CREATE TABLE IF NOT EXISTS mpass_dropped (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    until_ms INTEGER NOT NULL
  )`,
];

const LOAD = 'SELECT value FROM mpass_values WHERE kind = ? AND key = ?';
const STORE = `INSERT INTO mpass_values (kind, key, value, expires_at_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (kind, key) DO UPDATE SET
    value = excluded.value, expires_at_ms = excluded.expires_at_ms`;
const LIST = 'SELECT key, value FROM mpass_values WHERE kind = ? ORDER BY key LIMIT ?';
const LIST_AFTER = `SELECT key, value FROM mpass_values WHERE kind = ? AND key > ?
  ORDER BY key LIMIT ?`;
const DROPPED = 'SELECT until_ms FROM mpass_dropped';
const NEXT = `SELECT expires_at_ms FROM mpass_values WHERE expires_at_ms IS NOT NULL
  ORDER BY expires_at_ms LIMIT 1`;
const BATCH = `SELECT max(expires_at_ms) AS until, count(*) AS count FROM (
  SELECT expires_at_ms FROM mpass_values WHERE expires_at_ms <= ?
  ORDER BY expires_at_ms LIMIT ?)`;
const DROP = 'DELETE FROM mpass_values WHERE expires_at_ms <= ?';
const NOTE_DROPPED = `INSERT INTO mpass_dropped (id, until_ms) VALUES (0, ?)
  ON CONFLICT (id) DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)`;

// What SQLite says where the storage of an object has no room; a transaction is undone.
const NO_ROOM = 'SQLITE_FULL';

function same(current, expected) {
  if (current === null || expected === null) return current === expected;
  return current.length === expected.length
    && current.every((byte, at) => byte === expected[at]);
}

/**
 * The values of a shard. An object has one thread, and nothing is awaited between
 * the reading and the writing of a swap, so that swaps are atomic; the runtime
 * holds back what an object answers until what it wrote is durable.
 */
export class StoreShard extends DurableObject {
  static sweepIntervalMs = 60_000;
  static sweepBatch = 1000;

  #sql;

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    for (const statement of SCHEMA) this.#sql.exec(statement);
    // There may be none after a crash, or after an alarm that failed repeatedly.
    ctx.blockConcurrencyWhile(() => this.#scheduleNext());
  }

  /** The first row of a query, or `undefined`. */
  #first(query, ...values) {
    return this.#sql.exec(query, ...values).toArray()[0];
  }

  #value(kind, key) {
    const row = this.#first(LOAD, KINDS[kind], key);
    return row ? new Uint8Array(row.value) : null;
  }

  async load(kind, key) {
    return this.#value(kind, key);
  }

  async swap({ kind, key, expected, value, expiresAtMs }) {
    const expiry = expiresAtMs ?? null;
    const swapped = this.#swapped(kind, key, expected ?? null, value, expiry);
    if (swapped.stored && expiry !== null) await this.#scheduleAt(expiry);
    return swapped;
  }

  #swapped(kind, key, expected, value, expiry) {
    try {
      return this.ctx.storage.transactionSync(() => {
        const current = this.#value(kind, key);
        if (!same(current, expected)) return { stored: false, current };
        if (current === null && expiry !== null) {
          const dropped = this.#first(DROPPED);
          if (dropped && expiry <= dropped.until_ms) return { stored: false, expired: true };
        }
        this.#sql.exec(STORE, KINDS[kind], key, value, expiry);
        return { stored: true };
      });
    } catch (error) {
      throw error.message.includes(NO_ROOM) ? storeFull(error) : error;
    }
  }

  async list(after, limit) {
    const { document } = KINDS;
    const rows = after
      ? this.#sql.exec(LIST_AFTER, document, after, limit)
      : this.#sql.exec(LIST, document, limit);
    return rows.toArray().map(({ key, value }) => (
      { key: new Uint8Array(key), value: new Uint8Array(value) }));
  }

  /** Drops a batch of the values that have expired. */
  async alarm() {
    const { sweepBatch } = this.constructor;
    const dropped = this.ctx.storage.transactionSync(() => {
      const { until, count } = this.#first(BATCH, Date.now(), sweepBatch);
      if (count === 0) return 0;
      this.#sql.exec(DROP, until);
      this.#sql.exec(NOTE_DROPPED, until);
      return count;
    });
    await this.#scheduleNext(dropped < sweepBatch);
  }

  /** Sets the alarm for the next value that expires. */
  async #scheduleNext(isPaused = true) {
    const next = this.#first(NEXT);
    if (next) await this.#scheduleAt(next.expires_at_ms, isPaused);
  }

  /**
   * Sets the alarm unless there is an earlier one. Alarms are `sweepIntervalMs` apart, so
   * that many values are dropped by each.
   */
  async #scheduleAt(expiryMs, isPaused = true) {
    const pauseMs = Math.max(LEAST_PAUSE_MS, isPaused ? this.constructor.sweepIntervalMs : 0);
    const atMs = Math.min(Math.max(expiryMs, Date.now() + pauseMs), LATEST_MS);
    const alarmMs = await this.ctx.storage.getAlarm();
    if (alarmMs === null || atMs < alarmMs) await this.ctx.storage.setAlarm(atMs);
  }
}
