// Checks of arguments, before anything reaches the module: a mistake is a
// TypeError (another type) or a RangeError (a number or a length).

const LONGEST_TEXT = 1 << 20;
const LONGEST_BYTES = 1 << 24;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LARGEST_U64 = (1n << 64n) - 1n;

const shown = (value) => (value === null ? 'null' : typeof value);

/** A counter, time step or time: 0 to 2^64 - 1 as number or BigInt, as it is. */
export function integer64(value, what) {
  if (typeof value === 'bigint') {
    if (value < 0n) throw new RangeError(`${what} is negative`);
    if (value > LARGEST_U64) throw new RangeError(`${what} is above 2^64 - 1`);
    return value;
  }
  if (typeof value !== 'number') {
    throw new TypeError(`${what} is a number or a BigInt, not ${shown(value)}`);
  }
  if (value < 0) throw new RangeError(`${what} is negative`);
  if (!Number.isInteger(value)) throw new RangeError(`${what} is not a whole number`);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${what} is above 2^53 - 1: give it as a BigInt`);
  }
  return value;
}

/** The same as BigInt. */
export const u64 = (value, what) => BigInt(integer64(value, what));

function integer(value, what, largest) {
  if (typeof value !== 'number') {
    throw new TypeError(`${what} is a number, not ${shown(value)}`);
  }
  if (value < 0) throw new RangeError(`${what} is negative`);
  if (!Number.isInteger(value)) throw new RangeError(`${what} is not a whole number`);
  if (value > largest) throw new RangeError(`${what} is above ${largest}`);
  return value;
}

/** A whole number of 32 bits. */
export const u32 = (value, what) => integer(value, what, 0xffffffff);
/** A whole number of 16 bits. */
export const u16 = (value, what) => integer(value, what, 0xffff);

/** A text. */
export function text(value, what) {
  if (typeof value !== 'string') {
    throw new TypeError(`${what} is a string, not ${shown(value)}`);
  }
  if (value.length > LONGEST_TEXT) {
    throw new RangeError(`${what} is longer than ${LONGEST_TEXT} characters`);
  }
  return value;
}

/** A text that means itself: two that differ must not become one in UTF-8. */
export function exact(value, what) {
  if (LONE_SURROGATE.test(text(value, what))) {
    throw new RangeError(`${what} has an unpaired surrogate`);
  }
  return value;
}

/** Bytes. */
export function bytes(value, what) {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(`${what} is a Uint8Array, not ${shown(value)}`);
  }
  if (value.length > LONGEST_BYTES) {
    throw new RangeError(`${what} is longer than ${LONGEST_BYTES} bytes`);
  }
  return value;
}

/** A buffer for numbers of 32 bits. */
export function words(value, what) {
  if (!(value instanceof Uint32Array)) {
    throw new TypeError(`${what} is a Uint32Array, not ${shown(value)}`);
  }
  return value;
}

/** The key of a value in a store. */
export function storeKey(value, what) {
  if (bytes(value, what).length !== 16) throw new RangeError(`${what} has 16 bytes`);
  return value;
}

/** True or false. */
export function flag(value, what) {
  if (typeof value !== 'boolean') {
    throw new TypeError(`${what} is true or false, not ${shown(value)}`);
  }
  return value;
}

/** A list whose members pass `check`. */
export function list(value, what, check) {
  if (!Array.isArray(value)) throw new TypeError(`${what} is an array, not ${shown(value)}`);
  return value.map((member) => check(member, `a member of ${what}`));
}

export const texts = (value, what) => list(value, what, text);
export const numbers = (value, what) => list(value, what, u32);

/** What may be absent: `undefined` and `null` are the same. */
export const optional = (value, what, check) =>
  value === undefined || value === null ? undefined : check(value, what);

/** One of some texts. */
export const choice = (names) => (value, what) => {
  if (!names.includes(text(value, what))) {
    throw new TypeError(`${what} is one of ${names.join(', ')}`);
  }
  return value;
};

/** The time of a call, in milliseconds. */
export const time = (nowMs) => u64(nowMs, 'the time in milliseconds');
/** The record that was loaded, or none. */
export const loaded = (current) => optional(current, 'the current record', bytes);

/**
 * The options of a call by a table of checks; an option that is not in it is
 * a mistake, most likely of spelling.
 */
export function options(value, what, checks) {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw new TypeError(`${what} is an object, not ${shown(value)}`);
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(checks, name)) throw new TypeError(`${what} has no option ${name}`);
  }
  const checked = {};
  for (const [name, check] of Object.entries(checks)) {
    checked[name] = optional(value[name], name, check);
  }
  return checked;
}

/** A function of an object that the host brings. */
export function method(object, name, what) {
  if (typeof object?.[name] !== 'function') throw new TypeError(`${what} has no method ${name}`);
}

/** A store of the host. */
export function storeMethods(store, what) {
  method(store, 'load', what);
  method(store, 'swap', what);
}
