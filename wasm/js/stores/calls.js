// What the stores have in common: their arguments, their errors and their deadlines.
import { bytes, choice, optional, options, storeKey, time, u32 } from '../check.js';
import { MpassError } from '../errors.js';
import { KINDS } from '../lists.js';

const LONGEST_TIMEOUT_MS = 60_000;

const kindName = choice(Object.keys(KINDS));
const SWAP = { kind: kindName, key: storeKey, expected: bytes, value: bytes, expiresAtMs: time };

/** The time limit of a call, in milliseconds. */
export function timeout(value, what) {
  const limit = u32(value, what);
  if (limit < 1 || limit > LONGEST_TIMEOUT_MS) {
    throw new RangeError(`${what} is 1 to ${LONGEST_TIMEOUT_MS}`);
  }
  return limit;
}

/** The checked arguments of `load`. */
export function ofLoad(kind, key) {
  return { kind: kindName(kind, 'kind'), key: storeKey(key, 'key') };
}

/** The checked arguments of `swap`; times are numbers. */
export function ofSwap(swap, nowMs) {
  const given = options(swap, 'the swap', SWAP, ['kind', 'key', 'value']);
  const expiresAtMs = given.expiresAtMs === undefined ? undefined : Number(given.expiresAtMs);
  return { ...given, expiresAtMs, nowMs: Number(time(nowMs, 'nowMs')) };
}

/** The checked arguments of `list`. */
export function ofList(after, limit) {
  return { after: optional(after, 'after', storeKey), limit: u32(limit, 'the limit') };
}

/** The error of a swap or a read that has changed nothing. */
export const failed = (message, cause) => MpassError.of('StoreFailed', { message, cause });

/** The error of a swap for which the store has no room. */
export const full = (message, cause) => MpassError.of('StoreFull', { message, cause });

/** The error of a swap that may have been stored. */
export const unknown = (message, cause) => MpassError.of('StoreUnknown', { message, cause });

/** Waits for a promise at most a while; then it is `StoreUnknown`. */
export async function within(limitMs, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(unknown(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
