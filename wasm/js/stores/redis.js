// A store in Redis 7.0 or newer, or Valkey, over the host's client.
import { options, text, u32 } from '../check.js';
import { MpassError } from '../errors.js';
import script from '../layout/swap.lua';
import { failed, full, ofList, ofLoad, ofSwap, timeout, unknown, within } from './calls.js';

const PREFIX = 'mpass:';
const TIMEOUT_MS = 2000;
/** The clock of Redis is not the hosts': it drops values a day later. */
const MARGIN_MS = 24 * 60 * 60 * 1000;
/** The longest expiry that Redis takes. */
const LONGEST_MS = Number.MAX_SAFE_INTEGER;
/** Documents read by one command. */
const BATCH = 256;
/** The bytes before the value of a document, with its expiry. */
const HEAD = 8;

/** What Redis calls a reply that is a string, for node-redis. */
const BLOB_STRING = 36;

/** Replies to commands that changed nothing. */
const REFUSED = /^(?:ASK|BUSY|CLUSTERDOWN|ERR|LOADING|MASTERDOWN|MISCONF|MOVED|NOAUTH|NOPERM|NOREPLICAS|NOSCRIPT|OOM|READONLY|TRYAGAIN|WRONGPASS|WRONGTYPE)\b/;

const ACKNOWLEDGE = { replicas: u32, timeoutMs: timeout };

function acknowledged(value, what) {
  const { replicas, timeoutMs = 1000 } = options(value, what, ACKNOWLEDGE, ['replicas']);
  if (replicas < 1) throw new RangeError('replicas is at least 1');
  return { replicas, timeoutMs };
}

const SETTINGS = { prefix: text, timeoutMs: timeout, acknowledge: acknowledged };

/** A function that sends a command, whose replies are bytes, by a client of either library. */
function senderOf(client) {
  if (typeof client?.callBuffer === 'function') {
    return (command, ...parameters) => client.callBuffer(command, ...parameters);
  }
  if (typeof client?.withTypeMapping === 'function' && typeof client.nodeClient !== 'function') {
    const mapped = client.withTypeMapping({ [BLOB_STRING]: Buffer });
    return (...command) => mapped.sendCommand(command);
  }
  throw new TypeError('the client is one of ioredis or of node-redis 5 or newer, and no node-redis cluster');
}

/** The expiry of a document as it stands before its value. */
function headOf(expiresAtMs) {
  const head = Buffer.alloc(HEAD);
  head.writeBigUInt64BE(BigInt(expiresAtMs ?? 0));
  return head;
}

/** For how long Redis keeps a state, as a text; empty for ever. */
function lifeOf({ expiresAtMs, nowMs }) {
  if (expiresAtMs === undefined) return '';
  return String(Math.min(Math.max(1, expiresAtMs - nowMs + MARGIN_MS), LONGEST_MS));
}

/** The bytes of a reply, or null without a value. */
function bytesOf(reply) {
  if (reply === null || reply === undefined) return null;
  if (!(reply instanceof Uint8Array)) throw failed('the reply is not one to this command');
  return new Uint8Array(reply);
}

/** The value of a document behind its expiry. */
function valueOf(field) {
  if (bytesOf(field)?.length < HEAD) throw failed('a document is shorter than its expiry');
  return field?.subarray(HEAD);
}

/** A reply that is a number, which ioredis may give as a text; otherwise NaN. */
const numberOf = (reply) => (['number', 'string'].includes(typeof reply) ? Number(reply) : NaN);

/** What the script answered. */
function outcomeOf(reply) {
  const [stored, current] = Array.isArray(reply) ? [numberOf(reply[0]), reply[1]] : [];
  if (reply?.length === 1 && stored === 1) return { stored: true };
  if (reply?.length === 1 && stored === 0) return { stored: false, current: null };
  if (reply?.length === 2 && stored === 0 && current instanceof Uint8Array) {
    return { stored: false, current: bytesOf(current) };
  }
  throw unknown('the reply is not one of the script');
}

/** The same, where an unknown outcome must not be read back. */
function acknowledgedOf(reply) {
  try {
    return outcomeOf(reply);
  } catch (error) {
    throw failed(error.message);
  }
}

const same = (one, other) => Buffer.compare(one, other) === 0;

/** The error of a swap that was answered with an error, or not at all. */
function errorOf(error) {
  const message = String(error?.message);
  if (error instanceof MpassError) return error;
  if (!REFUSED.test(message)) return unknown('Redis did not answer the swap', error);
  return message.startsWith('OOM') ? full('Redis has no memory left', error)
    : failed(`Redis refused the swap: ${message.split(' ', 1)[0]}`, error);
}

export class RedisStore {
  #send;
  #states;
  #documents;
  #timeoutMs;
  #acknowledge;

  constructor(client, settings) {
    this.#send = senderOf(client);
    const { prefix = PREFIX, timeoutMs = TIMEOUT_MS, acknowledge } = options(
      settings, 'RedisStore', SETTINGS);
    this.#states = Buffer.from(`${prefix}s:`);
    this.#documents = Buffer.from(`${prefix}d`);
    this.#timeoutMs = timeoutMs;
    this.#acknowledge = acknowledge;
  }

  async load(kind, key) {
    ofLoad(kind, key);
    if (kind === 'state') return bytesOf(await this.#read('GET', this.#stateAt(key)));
    return bytesOf(valueOf(await this.#read('HGET', this.#documents, Buffer.from(key))));
  }

  async swap(swap, nowMs) {
    const wanted = ofSwap(swap, nowMs);
    const isState = wanted.kind === 'state';
    const parameters = [
      '1', isState ? this.#stateAt(wanted.key) : this.#documents,
      isState ? '' : Buffer.from(wanted.key),
      wanted.expected === undefined ? '0' : '1', Buffer.from(wanted.expected ?? ''),
      Buffer.from(wanted.value), isState ? lifeOf(wanted) : headOf(wanted.expiresAtMs),
    ];
    try {
      return await this.#swapped(wanted, parameters);
    } catch (error) {
      throw errorOf(error);
    }
  }

  async #swapped(wanted, parameters) {
    const swapped = await this.#evaluated(parameters);
    // The value of this very swap: it was sent twice, and whether the replicas have it
    // is not known.
    if (this.#acknowledge && swapped.current && same(swapped.current, wanted.value)) {
      throw failed('the swap was stored before, and not acknowledged');
    }
    return swapped;
  }

  /** Runs the script, by its digest if Redis has it. */
  async #evaluated(parameters) {
    try {
      return await this.#confirmed('EVALSHA', SCRIPT_SHA1, parameters);
    } catch (error) {
      if (!String(error?.message).startsWith('NOSCRIPT')) throw error;
      return this.#confirmed('EVAL', script, parameters);
    }
  }

  /** Runs the script and waits for the replicas, if that is configured. */
  async #confirmed(command, program, parameters) {
    const run = () => this.#send(command, program, ...parameters);
    if (!this.#acknowledge) return outcomeOf(await within(this.#timeoutMs, run()));
    const { replicas, timeoutMs } = this.#acknowledge;
    // WAIT is about what its own connection wrote: all of them must go over one.
    const replies = Promise.allSettled([
      this.#send('CLIENT', 'ID'), run(),
      this.#send('WAIT', String(replicas), String(timeoutMs)), this.#send('CLIENT', 'ID'),
    ]);
    let settled;
    try {
      settled = await within(this.#timeoutMs + timeoutMs, replies);
    } catch (error) {
      throw failed('the swap was not acknowledged', error);
    }
    const [before, swapped, waited, after] = settled;
    if (swapped.status === 'rejected') {
      const isRefused = REFUSED.test(String(swapped.reason?.message));
      throw isRefused ? swapped.reason : failed('the swap was not acknowledged', swapped.reason);
    }
    const outcome = acknowledgedOf(swapped.value);
    if (!outcome.stored) return outcome;
    // What was rejected has no value, and is no number.
    const isOne = numberOf(before.value) === numberOf(after.value);
    if (!isOne || !(numberOf(waited.value) >= replicas)) {
      throw failed('the swap was not acknowledged by enough replicas');
    }
    return outcome;
  }

  async list(after, limit) {
    ofList(after, limit);
    const keys = await this.#read('HKEYS', this.#documents);
    const wanted = keys.filter((key) => !after || Buffer.compare(key, after) > 0)
      .sort(Buffer.compare);
    const documents = [];
    // A document that is gone meanwhile is no end of the list.
    for (let at = 0; at < wanted.length && documents.length < limit;) {
      const batch = wanted.slice(at, at + Math.min(BATCH, limit - documents.length));
      at += batch.length;
      documents.push(...await this.#valuesOf(batch));
    }
    return documents;
  }

  async #valuesOf(keys) {
    const values = await this.#read('HMGET', this.#documents, ...keys);
    return keys.map((key, at) => ({ key: bytesOf(key), value: bytesOf(valueOf(values[at])) }))
      .filter(({ value }) => value !== null);
  }

  /** A command that changes nothing. */
  async #read(...command) {
    try {
      return await within(this.#timeoutMs, this.#send(...command));
    } catch (error) {
      throw error instanceof MpassError ? error : failed('Redis cannot be read', error);
    }
  }

  #stateAt(key) {
    return Buffer.concat([this.#states, key]);
  }
}
