// Checks of arguments, before anything reaches the module: a mistake is a
// TypeError (another type) or a RangeError (a number or a length).

const LONGEST_TEXT = 1 << 20;
const LONGEST_BYTES = 1 << 24;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LARGEST_U64 = (1n << 64n) - 1n;

const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** The type of a value in messages, such as `string`, `Array` or the name of a class. */
export function typeName(value) {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  const tag = tagOf(value);
  const { name } = Object.getPrototypeOf(value)?.constructor ?? {};
  return tag === 'Object' && typeof name === 'string' ? name : tag;
}

/** Throws for a value of another type than `kind`. */
function expected(isGiven, value, what, kind) {
  if (!isGiven) throw new TypeError(`${what} is ${kind}, not ${typeName(value)}`);
}

/** Whether a value is an array of a type, also of another realm (jsdom, `node:vm`). */
const isTyped = (value, type) => ArrayBuffer.isView(value) && tagOf(value) === type;
export const isBytes = (value) => isTyped(value, 'Uint8Array');

/** A whole number that is not negative. */
function natural(value, what, kind) {
  expected(typeof value === 'number', value, what, kind);
  if (value < 0) throw new RangeError(`${what} is negative`);
  if (!Number.isInteger(value)) throw new RangeError(`${what} is not a whole number`);
  return value;
}

/** A counter, time step or time: 0 to 2^64 - 1 as number or BigInt, as it is. */
export function integer64(value, what) {
  if (typeof value === 'bigint') {
    if (value < 0n) throw new RangeError(`${what} is negative`);
    if (value > LARGEST_U64) throw new RangeError(`${what} is above 2^64 - 1`);
    return value;
  }
  if (!Number.isSafeInteger(natural(value, what, 'a number or a BigInt'))) {
    throw new RangeError(`${what} is above 2^53 - 1: give it as a BigInt`);
  }
  return value;
}

/** The same as BigInt. */
export const u64 = (value, what) => BigInt(integer64(value, what));

function integer(value, what, largest) {
  natural(value, what, 'a number');
  if (value > largest) throw new RangeError(`${what} is above ${largest}`);
  return value;
}

/** A whole number of 32 bits. */
export const u32 = (value, what) => integer(value, what, 0xffffffff);
/** A whole number of 16 bits. */
export const u16 = (value, what) => integer(value, what, 0xffff);

/** A text. */
export function text(value, what) {
  expected(typeof value === 'string', value, what, 'a string');
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
  expected(isBytes(value), value, what, 'a Uint8Array');
  if (value.length > LONGEST_BYTES) {
    throw new RangeError(`${what} is longer than ${LONGEST_BYTES} bytes`);
  }
  return value;
}

/** A buffer for numbers of 32 bits. */
export function words(value, what) {
  expected(isTyped(value, 'Uint32Array'), value, what, 'a Uint32Array');
  return value;
}

/** The key of a value in a store. */
export function storeKey(value, what) {
  if (bytes(value, what).length !== 16) throw new RangeError(`${what} has 16 bytes`);
  return value;
}

/** True or false. */
export function flag(value, what) {
  expected(typeof value === 'boolean', value, what, 'true or false');
  return value;
}

/** A list whose members pass `check`. */
export function list(value, what, check) {
  expected(Array.isArray(value), value, what, 'an array');
  return value.map((member) => check(member, `a member of ${what}`));
}

export const texts = (value, what) => list(value, what, text);
export const exactTexts = (value, what) => list(value, what, exact);
/** An object of texts that mean themselves, by their names in it. */
export function map(value, what) {
  expected(typeof value === 'object' && value !== null, value, what, 'an object');
  const entries = Object.entries(value);
  return entries.map(([name, member]) => [exact(name, what), exact(member, `${what}: ${name}`)]);
}

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

/** The times in milliseconds, in 1970, that seconds from 2001 to 2603 are taken for. */
const SECONDS = { first: 1e9, last: 2e10 };

/** A point in time, in milliseconds. */
export function time(value, what) {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (isNumber && value >= SECONDS.first && value <= SECONDS.last) {
    throw new RangeError(`${what} seems to be in seconds: it is in milliseconds, as Date.now()`);
  }
  return u64(value, what);
}
/** The record that was loaded, or none, where a store may be given in its place. */
export function loaded(current) {
  const isRecord = current === undefined || current === null || isBytes(current);
  expected(isRecord, current, 'the first argument', 'a store, or the current record or null');
  return optional(current, 'the current record', bytes);
}

/** A property of an object itself: what `Object.prototype` got elsewhere is no option. */
export const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

/**
 * The options of a call by a table of checks; an option that is not in it is
 * a mistake, most likely of spelling. All but the `required` may be absent.
 */
export function options(value, what, checks, required = []) {
  const given = value ?? {};
  expected(typeof given === 'object', given, what, 'an object');
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(checks, name)) {
      throw new TypeError(`${what} has no option ${name}; its options: ${Object.keys(checks).join(', ')}`);
    }
  }
  const checked = {};
  for (const [name, check] of Object.entries(checks)) {
    const value = own(given, name);
    checked[name] = required.includes(name) ? check(value, name) : optional(value, name, check);
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
  method(store, 'list', what);
}
