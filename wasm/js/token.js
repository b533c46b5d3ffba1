// The server's side of OATH tokens.
import { bytes, loaded, options, text, texts, time, u64 } from './check.js';
import { change, isStore } from './change.js';
import { enrolled } from './header.js';
import { Handle, OWN, inner, perform, prepacked } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import { Hotp, Totp } from './oath.js';
import { Ocra, naming, ocraInputs, packInputs } from './ocra.js';
import * as operation from './operations.js';
import { readAttempt, readPending, readVerdict } from './pending.js';
import { checksOf, packSettings } from './settings.js';
import { readKey } from './swap.js';

const TOKEN_POLICY = checksOf('token');

const readBool = (reply) => reply.bool();
/** The time of an operation on a record; one on a store has a clock. */
const NOW = 'nowMs, the time of an operation on a record,';

/** Writes a typed code. */
function typedCode(typed) {
  text(typed, 'the typed code');
  return (input) => input.text(typed);
}

/** Writes codes in a row. */
function codesInARow(codes) {
  const checked = texts(codes, 'codes');
  return (input) => input.list(checked, input.text);
}

export class Token extends Handle {
  static name = 'Token';

  // What every input begins with.
  #subject;
  #key;

  constructor(keyring, tenant, id, policy, state) {
    const keys = inner(keyring, Keyring);
    bytes(tenant, 'the tenant');
    bytes(id, 'the id');
    const rules = options(policy, 'the policy', TOKEN_POLICY);
    const { restoredAtMs, isEnrolled = false } = enrolled(state);
    const subject = prepacked((input) => packSettings(input.bytes(tenant).bytes(id), rules)
      .optional(restoredAtMs, input.u64).bool(isEnrolled));
    // Checks the policy, too.
    const key = perform(operation.TOKEN_KEY, keys, (input) => input.raw(subject), readKey);
    super(OWN, copyOf(keys));
    this.#subject = subject;
    this.#key = key;
  }

  /** An operation on the token's record. */
  #perform(number, current, nowMs, read, write) {
    const token = inner(this, Token);
    const record = loaded(current);
    const now = time(nowMs, NOW);
    return perform(number, token, (input) => {
      input.raw(this.#subject).optional(record, input.bytes).u64(now).entropy(32);
      write?.(input);
    }, read);
  }

  /** An attempt with a verifier of a class. */
  #attempt(number, Class, verifier, current, nowMs, write) {
    const codes = inner(verifier, Class);
    return this.#perform(number, current, nowMs, readAttempt, (input) => write(input.u64(codes)));
  }

  /** An operation on a store. */
  async #change(number, store, clock, read, write) {
    const token = inner(this, Token);
    return change(store, clock, (handle) => perform(number, token, (input) => {
      input.raw(this.#subject).entropy(32);
      write?.(input);
    }, handle), read);
  }

  /** An attempt on a store with a verifier of a class. */
  async #attemptIn(number, Class, verifier, store, clock, write) {
    const codes = inner(verifier, Class);
    return this.#change(number, store, clock, readVerdict, (input) => write(input.u64(codes)));
  }

  /** An attempt of either form: on a store, or on a record that was loaded. */
  #either([onStore, onRecord], Class, verifier, first, last, write) {
    return isStore(first)
      ? this.#attemptIn(onStore, Class, verifier, first, last, write)
      : this.#attempt(onRecord, Class, verifier, first, last, write);
  }

  get key() {
    inner(this, Token);
    return this.#key.slice();
  }

  enroll(...given) {
    if (isStore(given[0])) {
      const [store, counter, clock] = given;
      return this.#change(operation.TOKEN_CHANGE_ENROLL, store, clock, readBool, (input) =>
        input.u64(u64(counter, 'the counter')));
    }
    const [counter, nowMs] = given;
    const first = u64(counter, 'the counter');
    return this.#perform(operation.TOKEN_ENROLL, undefined, nowMs, readPending, (input) =>
      input.u64(first));
  }

  attemptHotp(current, hotp, typed, nowMs) {
    const by = [operation.TOKEN_CHANGE_ATTEMPT_HOTP, operation.TOKEN_ATTEMPT_HOTP];
    return this.#either(by, Hotp, hotp, current, nowMs, typedCode(typed));
  }

  attemptTotp(current, totp, typed, nowMs) {
    const by = [operation.TOKEN_CHANGE_ATTEMPT_TOTP, operation.TOKEN_ATTEMPT_TOTP];
    return this.#either(by, Totp, totp, current, nowMs, typedCode(typed));
  }

  attemptOcra(current, ocra, inputs, response, nowMs) {
    const checked = ocraInputs(inputs);
    text(response, 'the response');
    const by = [operation.TOKEN_CHANGE_ATTEMPT_OCRA, operation.TOKEN_ATTEMPT_OCRA];
    inner(ocra, Ocra);
    return naming(ocra, checked, () => this.#either(by, Ocra, ocra, current, nowMs, (input) =>
      packInputs(input.text(response), checked)));
  }

  resynchronizeHotp(current, hotp, codes, nowMs) {
    const by = [operation.TOKEN_CHANGE_RESYNCHRONIZE_HOTP, operation.TOKEN_RESYNCHRONIZE_HOTP];
    return this.#either(by, Hotp, hotp, current, nowMs, codesInARow(codes));
  }

  resynchronizeTotp(current, totp, codes, nowMs) {
    const by = [operation.TOKEN_CHANGE_RESYNCHRONIZE_TOTP, operation.TOKEN_RESYNCHRONIZE_TOTP];
    return this.#either(by, Totp, totp, current, nowMs, codesInARow(codes));
  }

  ask(current, question, lifetimeMs, nowMs) {
    text(question, 'the question');
    const life = u64(lifetimeMs, 'the lifetime');
    const write = (input) => input.text(question).u64(life);
    return isStore(current)
      ? this.#change(operation.TOKEN_CHANGE_ASK, current, nowMs, () => undefined, write)
      : this.#perform(operation.TOKEN_ASK, current, nowMs, readPending, write);
  }

  unlock(current, nowMs) {
    return isStore(current)
      ? this.#change(operation.TOKEN_CHANGE_UNLOCK, current, nowMs, readBool)
      : this.#perform(operation.TOKEN_UNLOCK, current, nowMs, readPending);
  }

  status(current, nowMs) {
    return this.#perform(operation.TOKEN_STATUS, current, nowMs, (reply) => ({
      last: reply.optional(reply.u64),
      drift: BigInt.asIntN(64, reply.u64()),
      failures: reply.u16(),
      retryAtMs: reply.optional(reply.number),
      isLocked: reply.bool(),
    }));
  }
}
