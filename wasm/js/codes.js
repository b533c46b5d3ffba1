// Codes, ranges and windows cross directly: a counter, a step or a time in two
// halves of 32 bits and a code of ASCII digits packed, so that no text and no
// BigInt is made for a call that needs none. Arguments have been checked before.
//
// The small entries have `small/codes.js` in place of this file.
import { call } from './crossing.js';
import { found, perform } from './instance.js';
import * as operation from './operations.js';

const HALF = 2 ** 32;
const LOW_HALF = 0xffffffffn;

/** The halves of a whole number of 64 bits. */
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

export const hotpValue = (hotp, counter) =>
  call((mpass) => mpass.hotpValue(hotp, high(counter), low(counter)));

export const hotpCode = (hotp, digits, counter) => written(hotpValue(hotp, counter), digits);

/** Fills `values`; returns how many there are. */
export const hotpRange = (hotp, first, values) =>
  call((mpass) => mpass.hotpRange(hotp, high(first), low(first), values));

export function hotpFind(hotp, code, counter, lookAhead) {
  if (!pack(code)) {
    const write = (input) => input.text(code).u64(counter).u32(lookAhead);
    return perform(operation.HOTP_VERIFY, hotp, write, found);
  }
  return position(counter, call((mpass) => mpass.hotpFind(
    hotp, packed.high, packed.low, high(counter), low(counter), lookAhead)));
}

export function totpValue(totp, time) {
  const value = call((mpass) => mpass.totpValue(totp, high(time), low(time)));
  // Without a step there is no code: the operation throws the reason.
  if (value === undefined) perform(operation.TOTP_TIME_STEP, totp, (input) => input.u64(time));
  return value;
}

export const totpCode = (totp, digits, time) => written(totpValue(totp, time), digits);

export const totpStepCode = (totp, digits, step) => written(
  call((mpass) => mpass.totpStepValue(totp, high(step), low(step))), digits);

export function totpFind(totp, code, time, past, future) {
  const write = (input) => input.text(code).u64(time).u32(past).u32(future);
  const verified = () => perform(operation.TOTP_VERIFY, totp, write, found);
  if (!pack(code)) return verified();
  const [above, below] = [high(time), low(time)];
  const distance = call((mpass) =>
    mpass.totpFind(totp, packed.high, packed.low, above, below, past, future));
  const now = call((mpass) => mpass.totpTimeStep(totp, above, below));
  // Without a step the operation knows whether the time is a mistake.
  if (now === undefined) return verified();
  return distance === undefined ? null : position(now, distance);
}

export function totpFindSteps(totp, code, first, count) {
  if (!pack(code)) {
    const write = (input) => input.text(code).u64(first).u32(count);
    return perform(operation.TOTP_VERIFY_STEPS, totp, write, found);
  }
  return position(first, call((mpass) => mpass.totpFindStep(
    totp, packed.high, packed.low, high(first), low(first), count)));
}
