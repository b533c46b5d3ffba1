// Codes as operations, for the small entries.
import { found, onlyText, perform } from '../instance.js';
import * as operation from '../operations.js';

/** The codes of a range that cross together. */
const PIECE = 10_000;
const COUNTERS = 1n << 64n;

export const hotpCode = (hotp, _, counter) =>
  perform(operation.HOTP_GENERATE, hotp, (input) => input.u64(counter), onlyText);

export const hotpValue = (hotp, counter) => Number(hotpCode(hotp, 0, counter));

/** Fills `values`; returns how many there are. */
export function hotpRange(hotp, first, values) {
  let done = 0;
  while (done < values.length && BigInt(first) + BigInt(done) < COUNTERS) {
    const begin = BigInt(first) + BigInt(done);
    const count = Math.min(values.length - done, PIECE);
    const write = (input) => input.u64(begin).u32(count);
    const codes = perform(
      operation.HOTP_GENERATE_RANGE, hotp, write, (reply) => reply.list(reply.u32));
    values.set(codes, done);
    done += codes.length;
  }
  return done;
}

export function hotpFind(hotp, code, counter, lookAhead) {
  const write = (input) => input.text(code).u64(counter).u32(lookAhead);
  return perform(operation.HOTP_VERIFY, hotp, write, found);
}

export const totpCode = (totp, _, time) =>
  perform(operation.TOTP_GENERATE, totp, (input) => input.u64(time), onlyText);

export const totpValue = (totp, time) => Number(totpCode(totp, 0, time));

export const totpStepCode = (totp, _, step) =>
  perform(operation.TOTP_GENERATE_STEP, totp, (input) => input.u64(step), onlyText);

export function totpFind(totp, code, time, past, future) {
  const write = (input) => input.text(code).u64(time).u32(past).u32(future);
  return perform(operation.TOTP_VERIFY, totp, write, found);
}

export function totpFindSteps(totp, code, first, count) {
  const write = (input) => input.text(code).u64(first).u32(count);
  return perform(operation.TOTP_VERIFY_STEPS, totp, write, found);
}
