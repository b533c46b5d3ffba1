// Secrets, HOTP and TOTP.
import { bytes, flag, integer64, options, text, texts, u32, u64, words } from './check.js';
import * as codes from './codes.js';
import { MpassError } from './errors.js';
import { Handle, OWN, found, inner, object, onlyText, perform } from './instance.js';
import * as operation from './operations.js';

const CODE = 'the code';
const COUNTER = 'the counter';
const TIME = 'the time';

const LARGEST_WINDOW = 100_000;

/** How far a search goes, at most `most`: the engine would search so far and no further. */
function reach(value, what, most) {
  if (u32(value, what) > most) {
    throw MpassError.of('WindowTooLarge', { message: `${what} is above ${most}` });
  }
}

/** Now, for calls that give no time. */
function now() {
  const nowMs = Date.now();
  // workerd has no clock outside of requests.
  if (nowMs === 0) throw new TypeError('the runtime has no clock here: give the time');
  return Math.floor(nowMs / 1000);
}

export class Secret extends Handle {
  static name = 'Secret';

  static #made(number, write) {
    return new Secret(OWN, perform(number, 0, write, object));
  }

  static fromBytes(secret) {
    bytes(secret, 'the secret');
    return Secret.#made(operation.SECRET_FROM_BYTES, (input) => input.bytes(secret));
  }

  static fromBase32(secret) {
    text(secret, 'the secret');
    return Secret.#made(operation.SECRET_FROM_BASE32, (input) => input.text(secret));
  }

  static fromHex(secret) {
    text(secret, 'the secret');
    return Secret.#made(operation.SECRET_FROM_HEX, (input) => input.text(secret));
  }

  static generate(algorithm = 'SHA1') {
    text(algorithm, 'the algorithm');
    return Secret.#made(
      operation.SECRET_GENERATE, (input) => input.algorithm(algorithm).entropy(64));
  }

  expose() {
    const secret = inner(this, Secret);
    return perform(operation.SECRET_EXPOSE, secret, undefined, (reply) => reply.bytes());
  }

  exposeBase32() {
    return perform(operation.SECRET_EXPOSE_BASE32, inner(this, Secret), undefined, onlyText);
  }

  exposeHex() {
    return perform(operation.SECRET_EXPOSE_HEX, inner(this, Secret), undefined, onlyText);
  }
}

const CODES = { algorithm: text, digits: u32, allowShort: flag };

export class Hotp extends Handle {
  static name = 'Hotp';

  #digits;

  constructor(secret, settings) {
    const shared = inner(secret, Secret);
    const { algorithm = 'SHA1', digits = 6, allowShort = false } = options(
      settings, 'Hotp', CODES);
    super(OWN, perform(
      operation.HOTP_NEW,
      shared,
      (input) => input.algorithm(algorithm).u32(digits).bool(allowShort),
      object));
    this.#digits = digits;
  }

  generate(counter) {
    const hotp = inner(this, Hotp);
    return codes.hotpCode(hotp, this.#digits, integer64(counter, COUNTER));
  }

  generateValue(counter) {
    const hotp = inner(this, Hotp);
    return codes.hotpValue(hotp, integer64(counter, COUNTER));
  }

  generateRange(first, values) {
    const hotp = inner(this, Hotp);
    integer64(first, 'the first counter');
    words(values, 'the values');
    return codes.hotpRange(hotp, first, values);
  }

  verify(code, counter, lookAhead = 0) {
    const hotp = inner(this, Hotp);
    text(code, CODE);
    integer64(counter, COUNTER);
    reach(lookAhead, 'the look-ahead', LARGEST_WINDOW - 1);
    return codes.hotpFind(hotp, code, counter, lookAhead);
  }

  resynchronize(typed, counter, window) {
    const hotp = inner(this, Hotp);
    const given = texts(typed, 'codes');
    const first = u64(counter, COUNTER);
    u32(window, 'the window');
    const write = (input) => input.list(given, input.text).u64(first).u32(window);
    return perform(operation.HOTP_RESYNCHRONIZE, hotp, write, found);
  }
}

export class Totp extends Handle {
  static name = 'Totp';

  #digits;

  constructor(secret, settings) {
    const shared = inner(secret, Secret);
    const { algorithm = 'SHA1', digits = 6, allowShort = false, step = 30n, t0 = 0n } = options(
      settings, 'Totp', { ...CODES, step: u64, t0: u64 });
    super(OWN, perform(
      operation.TOTP_NEW,
      shared,
      (input) => input.algorithm(algorithm).u32(digits).bool(allowShort).u64(step).u64(t0),
      object));
    this.#digits = digits;
  }

  timeStep(unixSeconds = now()) {
    const totp = inner(this, Totp);
    integer64(unixSeconds, TIME);
    const write = (input) => input.u64(unixSeconds);
    return perform(operation.TOTP_TIME_STEP, totp, write, (reply) => reply.u64());
  }

  remainingSeconds(unixSeconds = now()) {
    const totp = inner(this, Totp);
    integer64(unixSeconds, TIME);
    const write = (input) => input.u64(unixSeconds);
    return perform(operation.TOTP_REMAINING, totp, write, (reply) => reply.number());
  }

  generate(unixSeconds = now()) {
    const totp = inner(this, Totp);
    return codes.totpCode(totp, this.#digits, integer64(unixSeconds, TIME));
  }

  generateValue(unixSeconds = now()) {
    const totp = inner(this, Totp);
    return codes.totpValue(totp, integer64(unixSeconds, TIME));
  }

  generateStep(step) {
    const totp = inner(this, Totp);
    return codes.totpStepCode(totp, this.#digits, integer64(step, 'the time step'));
  }

  verify(code, unixSeconds = now(), past = 1, future = 0) {
    const totp = inner(this, Totp);
    text(code, CODE);
    integer64(unixSeconds, TIME);
    reach(past, 'past', LARGEST_WINDOW / 2);
    reach(future, 'future', LARGEST_WINDOW / 2);
    return codes.totpFind(totp, code, unixSeconds, past, future);
  }

  verifySteps(code, firstStep, count) {
    const totp = inner(this, Totp);
    text(code, CODE);
    integer64(firstStep, 'the first step');
    reach(count, 'the count', LARGEST_WINDOW);
    return codes.totpFindSteps(totp, code, firstStep, count);
  }

  resynchronize(typed, unixSeconds, past, future) {
    const totp = inner(this, Totp);
    const given = texts(typed, 'codes');
    const time = u64(unixSeconds, TIME);
    u32(past, 'past');
    u32(future, 'future');
    const write = (input) => input.list(given, input.text).u64(time).u32(past).u32(future);
    return perform(operation.TOTP_RESYNCHRONIZE, totp, write, found);
  }

  resynchronizeSteps(typed, firstStep, count) {
    const totp = inner(this, Totp);
    const given = texts(typed, 'codes');
    const first = u64(firstStep, 'the first step');
    u32(count, 'the count');
    const write = (input) => input.list(given, input.text).u64(first).u32(count);
    return perform(operation.TOTP_RESYNCHRONIZE_STEPS, totp, write, found);
  }
}
