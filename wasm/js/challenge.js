// Challenges.
import { bytes, exact, loaded, options, text, time } from './check.js';
import { change, isStore } from './change.js';
import { restored } from './header.js';
import { Handle, OWN, inner, onlyText, perform, prepacked } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import { SUBJECTS } from './lists.js';
import { PhoneNumber, phoneNumber } from './number.js';
import * as operation from './operations.js';
import { Issued, readAttempt, readIssuance, readIssue, readPending, readVerdict } from './pending.js';
import { Policy } from './settings.js';
import { readKey } from './swap.js';

const readBool = (reply) => reply.bool();
/** The time of an operation on a record; one on a store has a clock. */
const NOW = 'nowMs, the time of an operation on a record,';

const SUBJECT = {
  number: (value) => (value instanceof PhoneNumber
    ? phoneNumber(value)
    : text(value, "the subject's number")),
  email: (value) => text(value, "the subject's e-mail address"),
  account: (value) => text(value, "the subject's account"),
};

/** A subject in canonical form, as its kind and text. */
function subject(value) {
  const given = Object.entries(options(value, 'the subject', SUBJECT))
    .filter(([, text]) => text !== undefined);
  if (given.length !== 1) {
    throw new TypeError('the subject is one of number, email (an e-mail address) and account');
  }
  const [[name, spelling]] = given;
  const kind = SUBJECTS[name];
  const write = (input) => input.u8(kind).text(spelling);
  return { kind, canonical: perform(operation.SUBJECT_PARSE, 0, write, onlyText) };
}

const BINDING = { service: exact, tenant: bytes, subject, context: exact };

export class Challenge extends Handle {
  static name = 'Challenge';

  // What every input begins with.
  #binding;

  constructor(keyring, policy, binding, state) {
    const keys = inner(keyring, Keyring);
    const { packed } = inner(policy, Policy);
    const { service, tenant, subject: { kind, canonical }, context = '' } = options(
      binding, 'the binding', BINDING, ['service', 'tenant', 'subject']);
    const { restoredAtMs } = restored(state);
    super(OWN, copyOf(keys));
    this.#binding = prepacked((input) => input
      .text(service).bytes(tenant).u8(kind).text(canonical).text(context).raw(packed)
      .optional(restoredAtMs, input.u64));
  }

  free() {
    this.#binding.fill(0);
    super.free();
  }

  /** An operation on the challenge's record. */
  #perform(number, current, nowMs, read, write) {
    const keys = inner(this, Challenge);
    const record = loaded(current);
    const now = time(nowMs, NOW);
    return perform(number, keys, (input) => {
      input.raw(this.#binding).optional(record, input.bytes).u64(now).entropy(32);
      write?.(input);
    }, read);
  }

  /** An operation on a store. */
  async #change(number, store, clock, read, write) {
    const keys = inner(this, Challenge);
    return change(store, clock, (handle) => perform(number, keys, (input) => {
      input.raw(this.#binding).entropy(32);
      write?.(input);
    }, handle), read);
  }

  get key() {
    const write = (input) => input.raw(this.#binding);
    return perform(operation.CHALLENGE_KEY, inner(this, Challenge), write, readKey);
  }

  issue(current, nowMs) {
    if (isStore(current)) {
      return this.#change(operation.CHALLENGE_CHANGE_ISSUE, current, nowMs, readIssuance);
    }
    return this.#perform(operation.CHALLENGE_ISSUE, current, nowMs, readIssue);
  }

  attempt(current, typed, nowMs) {
    if (isStore(current)) {
      return this.#change(
        operation.CHALLENGE_CHANGE_ATTEMPT, current, nowMs, readVerdict, (input) =>
          input.text(text(typed, 'the typed code')));
    }
    text(typed, 'the typed code');
    return this.#perform(operation.CHALLENGE_ATTEMPT, current, nowMs, readAttempt, (input) =>
      input.text(typed));
  }

  refund(current, issued, nowMs) {
    if (isStore(current)) {
      return this.#change(operation.CHALLENGE_CHANGE_REFUND, current, nowMs, readBool, (input) =>
        input.u64(inner(issued, Issued)));
    }
    const id = inner(issued, Issued);
    const read = (reply) => reply.optional(() => readPending(reply));
    return this.#perform(operation.CHALLENGE_REFUND, current, nowMs, read, (input) =>
      input.u64(id));
  }

  unlock(current, nowMs) {
    if (isStore(current)) {
      return this.#change(operation.CHALLENGE_CHANGE_UNLOCK, current, nowMs, readBool);
    }
    return this.#perform(operation.CHALLENGE_UNLOCK, current, nowMs, readPending);
  }
}
