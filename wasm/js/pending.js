// Outcomes that wait for their store.
import { bytes } from './check.js';
import { Handle, OWN, inner, perform, taken } from './instance.js';
import { REFUSAL_REASONS, VERDICTS } from './lists.js';
import * as operation from './operations.js';
import { namesOf } from './pack.js';
import { readSwap } from './swap.js';

const VERDICT_NAMES = namesOf(VERDICTS);
const REASON_NAMES = namesOf(REFUSAL_REASONS);

export class Issued extends Handle {
  static name = 'Issued';

  #code;
  #endsAtMs;

  constructor(own, id, code, endsAtMs) {
    super(own, id);
    this.#code = code;
    this.#endsAtMs = endsAtMs;
  }

  get code() {
    inner(this, Issued);
    return String.fromCharCode(...this.#code);
  }

  get endsAtMs() {
    inner(this, Issued);
    return this.#endsAtMs;
  }

  free() {
    this.#code.fill(0);
    super.free();
  }
}

export class Pending extends Handle {
  static name = 'Pending';

  #swap;
  #outcome;

  constructor(own, handle, swap, outcome) {
    super(own, handle);
    this.#swap = swap;
    this.#outcome = outcome;
  }

  get key() {
    inner(this, Pending);
    return this.#swap.key.slice();
  }

  get expected() {
    inner(this, Pending);
    return this.#swap.expected?.slice() ?? null;
  }

  get next() {
    inner(this, Pending);
    return this.#swap.value.slice();
  }

  get expiresAtMs() {
    inner(this, Pending);
    return this.#swap.expiresAtMs;
  }

  /** What a store swaps. */
  swap() {
    const { key, expected, next: value, expiresAtMs } = this;
    return { kind: 'state', key, expected, value, expiresAtMs };
  }

  isWrittenIn(current) {
    const pending = inner(this, Pending);
    bytes(current, 'the current record');
    const write = (input) => input.bytes(current);
    return perform(operation.PENDING_IS_WRITTEN_IN, pending, write, (reply) => reply.bool());
  }

  stored() {
    return taken(this, Pending, (pending) =>
      perform(operation.PENDING_STORED, pending, undefined, this.#outcome));
  }
}

/** An issued code in a reply. */
export function readIssued(reply) {
  const [code, endsAtMs] = [reply.bytes(), reply.number()];
  return new Issued(OWN, reply.number(), code, endsAtMs);
}

export const readVerdict = (reply) => VERDICT_NAMES.get(reply.u8());
export const readBalance = (reply) => reply.u64();

/** A pending outcome in a reply, which `outcome` reads once it is stored. */
export function readPending(reply, outcome) {
  const swap = readSwap(reply, 'state');
  return new Pending(OWN, reply.number(), swap, outcome);
}

/** An outcome to store, or a verdict at once. */
export function readAttempt(reply) {
  const isPending = reply.u8() === 0;
  return isPending
    ? { pending: readPending(reply, readVerdict), verdict: null }
    : { pending: null, verdict: readVerdict(reply) };
}

const readRefusal = (reply) =>
  ({ reason: REASON_NAMES.get(reply.u8()), retryAtMs: reply.optional(reply.number) });

/** What came of issuing on a store. */
export const readIssuance = (reply) => (reply.u8() === 0
  ? { issued: readIssued(reply), refusal: null }
  : { issued: null, refusal: readRefusal(reply) });

/** A code that is issued or refused; a refusal may correct the record. */
export function readIssue(reply) {
  const kind = reply.u8();
  if (kind === 0) return { pending: readPending(reply, readIssued), refusal: null };
  const refusal = readRefusal(reply);
  return { pending: kind === 2 ? readPending(reply) : null, refusal };
}
