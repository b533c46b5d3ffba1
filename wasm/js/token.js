// The server's side of OATH tokens.
import { bytes, optional, options, text, texts, u64 } from './check.js';
import { Handle, OWN, inner, perform, prepacked } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import { Hotp, Totp } from './oath.js';
import { Ocra, ocraInputs, packInputs } from './ocra.js';
import * as operation from './operations.js';
import { readAttempt, readPending } from './pending.js';
import { checksOf, packSettings } from './settings.js';

const NOW = 'the time in milliseconds';
const TYPED = 'the typed code';
const TOKEN_POLICY = checksOf('token');

const currentOf = (current) => optional(current, 'the current record', bytes);

export class Token extends Handle {
  // What every input begins with.
  #subject;
  #key;

  constructor(keyring, tenant, id, policy) {
    const keys = inner(keyring, Keyring);
    bytes(tenant, 'the tenant');
    bytes(id, 'the id');
    const rules = options(policy, 'the policy', TOKEN_POLICY);
    const subject = prepacked((input) => packSettings(input.bytes(tenant).bytes(id), rules));
    // Checks the policy, too.
    const key = perform(
      operation.TOKEN_KEY, keys, (input) => input.raw(subject), (reply) => reply.raw(16));
    super(OWN, copyOf(keys));
    this.#subject = subject;
    this.#key = key;
  }

  /** An operation on the token's record. */
  #perform(number, token, record, now, read, write) {
    return perform(number, token, (input) => {
      input.raw(this.#subject).optional(record, input.bytes).u64(now).entropy(32);
      write?.(input);
    }, read);
  }

  /** An attempt with a verifier of a class. */
  #attempt(number, Class, current, verifier, typed, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const codes = inner(verifier, Class);
    text(typed, TYPED);
    const now = u64(nowMs, NOW);
    return this.#perform(number, token, record, now, readAttempt, (input) =>
      input.u64(codes).text(typed));
  }

  #resynchronize(number, Class, current, verifier, codes, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const held = inner(verifier, Class);
    const given = texts(codes, 'codes');
    const now = u64(nowMs, NOW);
    return this.#perform(number, token, record, now, readAttempt, (input) =>
      input.u64(held).list(given, input.text));
  }

  get key() {
    inner(this, Token);
    return this.#key.slice();
  }

  enroll(counter, nowMs) {
    const token = inner(this, Token);
    const first = u64(counter, 'the counter');
    const now = u64(nowMs, NOW);
    return this.#perform(
      operation.TOKEN_ENROLL, token, undefined, now, (reply) => readPending(reply), (input) =>
        input.u64(first));
  }

  attemptHotp(current, hotp, typed, nowMs) {
    return this.#attempt(operation.TOKEN_ATTEMPT_HOTP, Hotp, current, hotp, typed, nowMs);
  }

  attemptTotp(current, totp, typed, nowMs) {
    return this.#attempt(operation.TOKEN_ATTEMPT_TOTP, Totp, current, totp, typed, nowMs);
  }

  attemptOcra(current, ocra, inputs, response, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const verifier = inner(ocra, Ocra);
    const checked = ocraInputs(inputs);
    text(response, 'the response');
    const now = u64(nowMs, NOW);
    return this.#perform(
      operation.TOKEN_ATTEMPT_OCRA, token, record, now, readAttempt, (input) =>
        packInputs(input.u64(verifier).text(response), checked));
  }

  resynchronizeHotp(current, hotp, codes, nowMs) {
    return this.#resynchronize(
      operation.TOKEN_RESYNCHRONIZE_HOTP, Hotp, current, hotp, codes, nowMs);
  }

  resynchronizeTotp(current, totp, codes, nowMs) {
    return this.#resynchronize(
      operation.TOKEN_RESYNCHRONIZE_TOTP, Totp, current, totp, codes, nowMs);
  }

  ask(current, question, lifetimeMs, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    text(question, 'the question');
    const life = u64(lifetimeMs, 'the lifetime');
    const now = u64(nowMs, NOW);
    return this.#perform(
      operation.TOKEN_ASK, token, record, now, (reply) => readPending(reply), (input) =>
        input.text(question).u64(life));
  }

  unlock(current, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const now = u64(nowMs, NOW);
    return this.#perform(
      operation.TOKEN_UNLOCK, token, record, now, (reply) => readPending(reply));
  }

  status(current, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const now = u64(nowMs, NOW);
    return this.#perform(operation.TOKEN_STATUS, token, record, now, (reply) => ({
      last: reply.optional(reply.u64),
      drift: BigInt.asIntN(64, reply.u64()),
      failures: reply.u16(),
      retryAtMs: reply.number(),
    }));
  }
}
