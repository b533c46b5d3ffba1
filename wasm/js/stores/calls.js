// What the stores have in common: their arguments, their errors and their deadlines.
import { bytes, choice, optional, options, storeKey, time, u32 } from '../check.js';
import { MpassError } from '../errors.js';
import { KINDS } from '../lists.js';

const LONGEST_TIMEOUT_MS = 60_000;
/** The longest values, in bytes. */
const LONGEST = { state: 96, document: 16_384 };

/** Codes and classes of errors, as clients and systems name them. */
const CODE = /^[A-Z0-9_]{1,40}$/;
const CLASS = /^[A-Za-z]{1,40}$/;

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
  if (given.value.length > LONGEST[given.kind]) {
    throw failed(`a ${given.kind} is at most ${LONGEST[given.kind]} bytes long`);
  }
  const expiresAtMs = given.expiresAtMs === undefined ? undefined : Number(given.expiresAtMs);
  return { ...given, expiresAtMs, nowMs: Number(time(nowMs, 'nowMs')) };
}

/** The checked arguments of `list`. */
export function ofList(after, limit) {
  return { after: optional(after, 'after', storeKey), limit: u32(limit, 'the limit') };
}

/**
 * The cause of an error: that of the client, of which only the code and the class are
 * kept. Its message, its details and its command may contain keys and values.
 */
function bare(error) {
  if (error === undefined || error instanceof MpassError) return error;
  const [, word] = /^([A-Z][A-Z0-9_]*)(?:\s|$)/.exec(String(error?.message)) ?? [];
  const code = CODE.test(error?.code) ? error.code : word;
  const name = CLASS.test(error?.name) ? error.name : 'Error';
  const cause = new Error(code ?? name);
  cause.stack = `${name}: ${cause.message}`;
  return Object.assign(cause, { name, code });
}

const errorOf = (kind, message, cause) =>
  MpassError.of(kind, cause === undefined ? { message } : { message, cause: bare(cause) });

/** The error of a swap or a read that has changed nothing. */
export const failed = (message, cause) => errorOf('StoreFailed', message, cause);

/** The error of a swap for which the store has no room. */
export const full = (message, cause) => errorOf('StoreFull', message, cause);

/** The error of a swap that may have been stored. */
export const unknown = (message, cause) => errorOf('StoreUnknown', message, cause);

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
