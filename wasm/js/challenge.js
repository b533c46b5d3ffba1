// Challenges.
import { bytes, exact, optional, options, text, u64 } from './check.js';
import { Handle, OWN, inner, perform, prepacked } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import * as operation from './operations.js';
import { Issued, readAttempt, readIssue, readPending } from './pending.js';
import { Policy } from './settings.js';

const NOW = 'the time in milliseconds';
const BINDING = { service: exact, tenant: bytes, number: text, context: exact };

const currentOf = (current) => optional(current, 'the current record', bytes);

export class Challenge extends Handle {
  // What every input begins with.
  #subject;

  constructor(keyring, policy, binding) {
    const keys = inner(keyring, Keyring);
    const { packed } = inner(policy, Policy);
    const { service, tenant, number, context = '' } = options(binding, 'the binding', BINDING);
    text(service, 'service');
    bytes(tenant, 'tenant');
    text(number, 'number');
    super(OWN, copyOf(keys));
    this.#subject = prepacked((input) =>
      input.text(service).bytes(tenant).text(number).text(context).raw(packed));
  }

  free() {
    this.#subject.fill(0);
    super.free();
  }

  #context(current, now) {
    return (input) =>
      input.raw(this.#subject).optional(current, input.bytes).u64(now).entropy(32);
  }

  get key() {
    const keys = inner(this, Challenge);
    return perform(
      operation.CHALLENGE_KEY, keys, (input) => input.raw(this.#subject), (reply) => reply.raw(16));
  }

  issue(current, nowMs) {
    const keys = inner(this, Challenge);
    const context = this.#context(currentOf(current), u64(nowMs, NOW));
    return perform(operation.CHALLENGE_ISSUE, keys, context, readIssue);
  }

  attempt(current, typed, nowMs) {
    const keys = inner(this, Challenge);
    const record = currentOf(current);
    text(typed, 'the typed code');
    const context = this.#context(record, u64(nowMs, NOW));
    const write = (input) => context(input).text(typed);
    return perform(operation.CHALLENGE_ATTEMPT, keys, write, readAttempt);
  }

  refund(current, issued, nowMs) {
    const keys = inner(this, Challenge);
    const record = currentOf(current);
    const id = inner(issued, Issued);
    const context = this.#context(record, u64(nowMs, NOW));
    const write = (input) => context(input).u64(id);
    return perform(operation.CHALLENGE_REFUND, keys, write, (reply) =>
      reply.optional(() => readPending(reply)));
  }

  unlock(current, nowMs) {
    const keys = inner(this, Challenge);
    const context = this.#context(currentOf(current), u64(nowMs, NOW));
    return perform(operation.CHALLENGE_UNLOCK, keys, context, (reply) => readPending(reply));
  }
}
