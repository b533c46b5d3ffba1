// The calls of a host's store, as answers to the engine. A store that throws may
// or may not have stored, unless it says with an MpassError that it has not; the
// engine then reads the value back.
import { bytes, flag, list as members, optional, options, storeKey } from './check.js';
import { MpassError } from './errors.js';

// What an error of a swap means where nothing was stored.
const REFUSALS = { StoreFailed: 'failed', StoreFull: 'full' };

/**
 * The answer for an error of a swap. It is known by its name and number and not by its
 * class: a store may have the errors of another entry.
 */
function refusalOf(error) {
  const { name, number } = error ?? {};
  const isRefusal = Object.hasOwn(REFUSALS, String(name)) && MpassError.of(name).number === number;
  return isRefusal ? REFUSALS[name] : 'unknown';
}

/** The answer to a step that loads, with the error if the store threw one. */
export async function load(store, { kind, key }) {
  try {
    const value = optional(await store.load(kind, key), 'what the store loaded', bytes);
    return { answer: { answer: 'loaded', value } };
  } catch (error) {
    return { answer: { answer: 'failed' }, error };
  }
}

/** The answer to a step that swaps, with the error if the store threw one. */
export async function swap(store, { swap: wanted }, now) {
  try {
    const swapped = await store.swap(wanted, now());
    if (flag(swapped?.stored, 'stored')) return { answer: { answer: 'stored' } };
    if (optional(swapped.expired, 'expired', flag)) return { answer: { answer: 'expired' } };
    const value = optional(swapped.current, 'current', bytes);
    return { answer: { answer: 'conflict', value } };
  } catch (error) {
    return { answer: { answer: refusalOf(error) }, error };
  }
}

const DOCUMENT = { key: storeKey, value: bytes };
const document = (value, what) => options(value, what, DOCUMENT, ['key', 'value']);

/** The answer to a step that lists, with the error if the store threw one. */
export async function list(store, { after, limit }) {
  try {
    const value = members(await store.list(after, limit), 'what the store listed', document);
    return { answer: { answer: 'listed', value } };
  } catch (error) {
    return { answer: { answer: 'failed' }, error };
  }
}
