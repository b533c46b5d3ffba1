// Secrets, HOTP and TOTP.
import { bytes, flag, integer64, options, text, texts, u32, u64, words } from './check.js';
import { Handle, OWN, call, inner, object, onlyText, perform } from './instance.js';
import * as operation from './operations.js';

// Codes, ranges and windows cross directly: a counter, a step or a time in two
// halves of 32 bits and a code of ASCII digits packed, so that no text and no
// BigInt is made for a call that needs none.
const HALF = 2 ** 32;
const LOW_HALF = 0xffffffffn;
const CODE = 'the code';
const COUNTER = 'the counter';
const TIME = 'the time';

/** A position in a reply, or `null`. */
const found = (reply) => reply.optional(reply.u64);

export class Secret extends Handle {
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

/** The halves of what `u64` has checked. */
const high = (value) =>
  typeof value === 'bigint' ? Number(value >> 32n) : Math.floor(value / HALF);
const low = (value) => (typeof value === 'bigint' ? Number(value & LOW_HALF) : value % HALF);

// Joining two texts that are there is quicker than writing and filling one.
const THREES = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** The text of a code, leading zeros included. */
function written(value, digits) {
  const upper = Math.floor(value / 1000);
  const left = digits === 6 ? THREES[upper] : String(upper).padStart(digits - 3, '0');
  return left + THREES[value % 1000];
}

// What a packed code has room for: four bits for each digit, and a 1 before
// them.
const MOST = 15;
const packed = { high: 0, low: 0 };

/**
 * Packs a text of ASCII digits alone into `packed`; false for any other, which
 * crosses as it is: the engine takes digits of other scripts, too. Which of
 * them are codes is the engine's to say.
 */
function pack(typed) {
  if (typed.length > MOST) return false;
  let [above, below, isPlain] = [0, 1, true];
  for (let at = 0; at < typed.length; at += 1) {
    const digit = typed.charCodeAt(at) - 48;
    isPlain = isPlain && digit >= 0 && digit <= 9;
    above = (above << 4) | (below >>> 28);
    below = (below << 4) | (digit & 15);
  }
  packed.high = above;
  packed.low = below;
  return isPlain;
}

const position = (first, distance) =>
  (distance === undefined ? null : BigInt(first) + BigInt(distance));

const CODES = { algorithm: text, digits: u32, allowShort: flag };

function hotpValue(handle, counter) {
  const hotp = inner(handle, Hotp);
  integer64(counter, COUNTER);
  return call((mpass) => mpass.hotpValue(hotp, high(counter), low(counter)));
}

export class Hotp extends Handle {
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
    const value = hotpValue(this, counter);
    return written(value, this.#digits);
  }

  generateValue(counter) {
    return hotpValue(this, counter);
  }

  generateRange(first, values) {
    const hotp = inner(this, Hotp);
    integer64(first, 'the first counter');
    words(values, 'the values');
    return call((mpass) => mpass.hotpRange(hotp, high(first), low(first), values));
  }

  verify(code, counter, lookAhead = 0) {
    const hotp = inner(this, Hotp);
    text(code, CODE);
    integer64(counter, COUNTER);
    u32(lookAhead, 'the look-ahead');
    if (!pack(code)) {
      const write = (input) => input.text(code).u64(counter).u32(lookAhead);
      return perform(operation.HOTP_VERIFY, hotp, write, found);
    }
    return position(counter, call((mpass) => mpass.hotpFind(
      hotp, packed.high, packed.low, high(counter), low(counter), lookAhead)));
  }

  resynchronize(codes, counter, window) {
    const hotp = inner(this, Hotp);
    const given = texts(codes, 'codes');
    const first = u64(counter, COUNTER);
    u32(window, 'the window');
    const write = (input) => input.list(given, input.text).u64(first).u32(window);
    return perform(operation.HOTP_RESYNCHRONIZE, hotp, write, found);
  }
}

const timeStep = (totp, unixSeconds) => perform(
  operation.TOTP_TIME_STEP, totp, (input) => input.u64(unixSeconds), (reply) => reply.u64());

function totpValue(handle, unixSeconds) {
  const totp = inner(handle, Totp);
  integer64(unixSeconds, TIME);
  const value = call((mpass) => mpass.totpValue(totp, high(unixSeconds), low(unixSeconds)));
  // Without a step there is no code: the operation throws the reason.
  if (value === undefined) timeStep(totp, unixSeconds);
  return value;
}

export class Totp extends Handle {
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

  timeStep(unixSeconds) {
    const totp = inner(this, Totp);
    integer64(unixSeconds, TIME);
    return timeStep(totp, unixSeconds);
  }

  remainingSeconds(unixSeconds) {
    const totp = inner(this, Totp);
    integer64(unixSeconds, TIME);
    const write = (input) => input.u64(unixSeconds);
    return perform(operation.TOTP_REMAINING, totp, write, (reply) => reply.number());
  }

  generate(unixSeconds) {
    const value = totpValue(this, unixSeconds);
    return written(value, this.#digits);
  }

  generateValue(unixSeconds) {
    return totpValue(this, unixSeconds);
  }

  generateStep(step) {
    const totp = inner(this, Totp);
    integer64(step, 'the time step');
    const value = call((mpass) => mpass.totpStepValue(totp, high(step), low(step)));
    return written(value, this.#digits);
  }

  verify(code, unixSeconds, past = 1, future = 0) {
    const totp = inner(this, Totp);
    text(code, CODE);
    integer64(unixSeconds, TIME);
    u32(past, 'past');
    u32(future, 'future');
    const write = (input) => input.text(code).u64(unixSeconds).u32(past).u32(future);
    const verified = () => perform(operation.TOTP_VERIFY, totp, write, found);
    if (!pack(code)) return verified();
    const [above, below] = [high(unixSeconds), low(unixSeconds)];
    const distance = call((mpass) =>
      mpass.totpFind(totp, packed.high, packed.low, above, below, past, future));
    const now = call((mpass) => mpass.totpTimeStep(totp, above, below));
    // Without a step the operation knows whether the time is a mistake.
    if (now === undefined) return verified();
    return distance === undefined ? null : position(now, distance);
  }

  verifySteps(code, firstStep, count) {
    const totp = inner(this, Totp);
    text(code, CODE);
    integer64(firstStep, 'the first step');
    u32(count, 'the count');
    if (!pack(code)) {
      const write = (input) => input.text(code).u64(firstStep).u32(count);
      return perform(operation.TOTP_VERIFY_STEPS, totp, write, found);
    }
    return position(firstStep, call((mpass) => mpass.totpFindStep(
      totp, packed.high, packed.low, high(firstStep), low(firstStep), count)));
  }

  resynchronize(codes, unixSeconds, past, future) {
    const totp = inner(this, Totp);
    const given = texts(codes, 'codes');
    const time = u64(unixSeconds, TIME);
    u32(past, 'past');
    u32(future, 'future');
    const write = (input) => input.list(given, input.text).u64(time).u32(past).u32(future);
    return perform(operation.TOTP_RESYNCHRONIZE, totp, write, found);
  }

  resynchronizeSteps(codes, firstStep, count) {
    const totp = inner(this, Totp);
    const given = texts(codes, 'codes');
    const first = u64(firstStep, 'the first step');
    u32(count, 'the count');
    const write = (input) => input.list(given, input.text).u64(first).u32(count);
    return perform(operation.TOTP_RESYNCHRONIZE_STEPS, totp, write, found);
  }
}
