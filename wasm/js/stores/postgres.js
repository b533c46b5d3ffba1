// A store in PostgreSQL 15 or newer, over the host's pool of connections.
import { method, options, u32 } from '../check.js';
import { MpassError } from '../errors.js';
import { KINDS } from '../lists.js';
import schema from '../layout/postgres.sql';
import { failed, full, ofList, ofLoad, ofSwap, timeout, unknown, within } from './calls.js';

const TIMEOUT_MS = 5000;
/** How often a swap that PostgreSQL undid for another one is tried. */
const TRIES = 5;
const SLICE = 1000;

/** The latest time that every PostgreSQL has; later ones are as good as it. */
const LATEST_MS = 9_000_000_000_000_000;

const time = (parameter) => `to_timestamp(${parameter}::double precision / 1000)`;

const OLD = `expires_at < now() - interval '24 hours'`;

/** The statements of a kind, each prepared once a connection. */
function statementsOf(kind) {
  const [table, number] = [`mpass_${kind}`, KINDS[kind]];
  const named = (name, text) => ({ name: `mpass_${kind}_${name}`, text });
  return {
    load: named('load', `SELECT value FROM ${table} WHERE key = $1`),
    insert: named('insert', `INSERT INTO ${table} (key, value, expires_at)
      SELECT $1::bytea, $2::bytea, ${time('$3')}
      WHERE NOT EXISTS (SELECT FROM mpass_dropped WHERE kind = ${number} AND until >= ${time('$3')})
      ON CONFLICT (key) DO NOTHING`),
    replace: named('replace', `UPDATE ${table} SET value = $2, expires_at = ${time('$3')}
      WHERE key = $1 AND value = $4`),
    current: named('current', `SELECT (SELECT value FROM ${table} WHERE key = $1) AS value,
      EXISTS (SELECT FROM mpass_dropped WHERE kind = ${number} AND until >= ${time('$2')}) AS dropped`),
    // Of what an earlier call has announced: an insert that began before that has ended.
    remove: named('remove', `WITH old AS (
        SELECT ${table}.key FROM ${table} JOIN mpass_dropped ON kind = ${number}
        WHERE expires_at <= until AND ${OLD} LIMIT $1 FOR UPDATE OF ${table} SKIP LOCKED)
      DELETE FROM ${table} USING old WHERE ${table}.key = old.key`),
    announce: named('announce', `INSERT INTO mpass_dropped (kind, until)
      SELECT ${number}, max(expires_at) FROM (
        SELECT expires_at FROM ${table} WHERE ${OLD} ORDER BY expires_at LIMIT $1) AS old
      HAVING count(*) > 0
      ON CONFLICT (kind) DO UPDATE SET until = greatest(mpass_dropped.until, excluded.until)`),
  };
}

const STATEMENTS = { state: statementsOf('state'), document: statementsOf('document') };
const LIST = {
  name: 'mpass_document_list',
  text: 'SELECT key, value FROM mpass_document WHERE key > $1 ORDER BY key LIMIT $2',
};
const SETTINGS_OF_CONNECTION = `SELECT current_setting('synchronous_commit') AS commit,
  current_setting('fsync') AS fsync, pg_is_in_recovery() AS standby,
  current_setting('transaction_read_only') AS read_only`;

/** The transactions that PostgreSQL undoes for another one. */
const UNDONE = ['40001', '40P01'];
const NO_ROOM = ['53100', '53200'];
/**
 * Classes of errors that leave open whether a statement was committed: of the connection,
 * of an operator, of the system, and internal ones.
 */
const OPEN = /^(?:08|57|58|XX)/;
const IDLE = 'I';

const ignored = () => {};
const bytesOf = (value) => (value ? new Uint8Array(value) : null);
const timeOf = (ms) => (ms === undefined ? null : Math.min(ms, LATEST_MS));

/** Whether PostgreSQL itself has answered with this error. */
const isAnswer = ({ severity, code } = {}) => typeof severity === 'string' && typeof code === 'string';

/** The error of a call. */
function errorOf(error) {
  if (error instanceof MpassError) return error;
  if (!isAnswer(error) || OPEN.test(error.code)) return unknown('PostgreSQL did not answer', error);
  if (NO_ROOM.includes(error.code)) return full('PostgreSQL has no room left', error);
  return failed(`PostgreSQL refused the statement: ${error.code}`, error);
}

/** Refuses a connection on which a commit says nothing about what is kept. */
async function check(client) {
  const { rows: [row] } = await client.query(SETTINGS_OF_CONNECTION);
  const wrong = (row.fsync !== 'on' && 'fsync is off')
    || (row.commit === 'off' && 'synchronous_commit is off')
    || (row.standby && 'the server is a standby')
    || (row.read_only === 'on' && 'the connection is read-only');
  if (wrong) throw failed(wrong);
}

export class PostgresStore {
  #pool;
  #timeoutMs;
  /** By connection, how many commits have not waited for the standby. */
  #cancelled = new WeakMap();

  constructor(pool, settings) {
    method(pool, 'connect', 'the pool');
    if (!('totalCount' in pool)) throw new TypeError('the pool is a Pool of pg');
    this.#pool = pool;
    this.#timeoutMs = options(settings, 'PostgresStore', { timeoutMs: timeout }).timeoutMs
      ?? TIMEOUT_MS;
  }

  async migrate() {
    await this.#with((client) => client.query(schema), false);
  }

  async load(kind, key) {
    ofLoad(kind, key);
    const { rows } = await this.#query(STATEMENTS[kind].load, [key]);
    return bytesOf(rows[0]?.value);
  }

  async swap(swap, nowMs) {
    const { kind, key, expected, value, expiresAtMs } = ofSwap(swap, nowMs);
    const { insert, replace, current } = STATEMENTS[kind];
    const expiry = timeOf(expiresAtMs);
    const { rowCount } = expected === undefined
      ? await this.#tried(insert, [key, value, expiry])
      : await this.#tried(replace, [key, value, expiry, expected]);
    if (rowCount === 1) return { stored: true };
    try {
      const { rows: [row] } = await this.#query(current, [key, expiry]);
      const isExpired = expected === undefined && !row.value && row.dropped;
      return isExpired ? { stored: false, expired: true }
        : { stored: false, current: bytesOf(row.value) };
    } catch (error) {
      throw failed('the value of a conflict cannot be read', error);
    }
  }

  async list(after, limit) {
    ofList(after, limit);
    const { rows } = await this.#query(LIST, [after ?? new Uint8Array(), limit]);
    return rows.map(({ key, value }) => ({ key: bytesOf(key), value: bytesOf(value) }));
  }

  async removeExpired(limit = SLICE) {
    u32(limit, 'the limit');
    let count = 0;
    for (const { remove, announce } of Object.values(STATEMENTS)) {
      const { rowCount } = await this.#tried(remove, [limit]);
      await this.#tried(announce, [limit]);
      count += rowCount;
    }
    return count;
  }

  /** A statement, again where PostgreSQL undid it. */
  async #tried(statement, values) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#query(statement, values);
      } catch (error) {
        if (tries === TRIES || !UNDONE.includes(error.cause?.code)) throw error;
      }
    }
  }

  #query(statement, values) {
    const given = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
    return this.#with((client) => client.query({ ...statement, values: given }));
  }

  /** Uses a connection, and drops it unless it has answered. */
  async #with(use, isChecked = true) {
    const client = await this.#connection();
    let hasAnswered = false;
    // The statement is rejected, too; without a listener, the event would end the process.
    client.on('error', ignored);
    try {
      if (client.getTransactionStatus?.() !== IDLE) {
        throw failed('the connection is inside a transaction');
      }
      if (isChecked) await this.#checked(client);
      const before = this.#cancelled.get(client);
      const result = await within(this.#timeoutMs, use(client));
      if (this.#cancelled.get(client) !== before) {
        throw unknown('the wait for the standby was cancelled');
      }
      hasAnswered = true;
      return result;
    } catch (error) {
      hasAnswered = isAnswer(error) && !OPEN.test(error.code);
      throw errorOf(error);
    } finally {
      if (hasAnswered) client.off('error', ignored);
      // Not cancelled: that could undo nothing that is committed.
      client.release(!hasAnswered);
    }
  }

  async #connection() {
    const connecting = this.#pool.connect();
    try {
      return await within(this.#timeoutMs, connecting);
    } catch (error) {
      connecting.then((late) => late.release(), () => {});
      throw failed('there is no connection', error);
    }
  }

  async #checked(client) {
    if (this.#cancelled.has(client)) return;
    await within(this.#timeoutMs, check(client)).catch((error) => {
      throw error.name === 'StoreFailed' ? error : failed('the connection cannot be checked', error);
    });
    this.#cancelled.set(client, 0);
    client.on('notice', ({ severity, message }) => {
      // The code is that of every warning; the text may be translated.
      if (severity === 'WARNING' || /synchronous replication/.test(message)) {
        this.#cancelled.set(client, this.#cancelled.get(client) + 1);
      }
    });
  }
}
