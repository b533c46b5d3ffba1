// Challenges.
import { bytes, exact, loaded, options, text, time } from './check.js';
import { change, isStore } from './change.js';
import { Handle, OWN, inner, perform, prepacked } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import * as operation from './operations.js';
import { Issued, readAttempt, readIssuance, readIssue, readPending, readVerdict } from './pending.js';
import { Policy } from './settings.js';
import { readKey } from './swap.js';

const readBool = (reply) => reply.bool();

const BINDING = { service: exact, tenant: bytes, number: text, context: exact };

export class Challenge extends Handle {
  // What every input begins with.
  #subject;

  constructor(keyring, policy, binding) {
    const keys = inner(keyring, Keyring);
    const { packed } = inner(policy, Policy);
    const { service, tenant, number, context = '' } = options(
      binding, 'the binding', BINDING, ['service', 'tenant', 'number']);
    super(OWN, copyOf(keys));
    this.#subject = prepacked((input) =>
      input.text(service).bytes(tenant).text(number).text(context).raw(packed));
  }

  free() {
    this.#subject.fill(0);
    super.free();
  }

  /** An operation on the challenge's record. */
  #perform(number, current, nowMs, read, write) {
    const keys = inner(this, Challenge);
    const record = loaded(current);
    const now = time(nowMs);
    return perform(number, keys, (input) => {
      input.raw(this.#subject).optional(record, input.bytes).u64(now).entropy(32);
      write?.(input);
    }, read);
  }

  /** An operation on a store. */
  async #change(number, store, clock, read, write) {
    const keys = inner(this, Challenge);
    return change(store, clock, (handle) => perform(number, keys, (input) => {
      input.raw(this.#subject).entropy(32);
      write?.(input);
    }, handle), read);
  }

  get key() {
    const write = (input) => input.raw(this.#subject);
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
