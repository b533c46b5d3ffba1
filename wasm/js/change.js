// Operations on a store in one call: the engine decides, the store performs the
// steps.
import { optional, storeMethods, time } from './check.js';
import { MpassError } from './errors.js';
import { Handle, OWN, inner, object, perform } from './instance.js';
import { ANSWERS, STORE_STEPS } from './lists.js';
import { CHANGE_NEXT } from './operations.js';
import * as calls from './store-calls.js';
import { readKey, readKind, readSwap } from './swap.js';

/** What precedes an outcome in place of a step. */
const DONE = 0;

/** Whether the first argument of an operation is a store and not a record. */
export const isStore = (value) => typeof value?.load === 'function';

function packDocument({ key, value }) {
  this.raw(key).bytes(value);
}

class Change extends Handle {
  static name = 'Change';

  /** Takes an answer; the next step, or the outcome. */
  next({ answer, value }, nowMs, read) {
    const write = (input) => {
      input.u8(ANSWERS[answer]);
      if (answer === 'loaded' || answer === 'conflict') input.optional(value, input.bytes);
      if (answer === 'listed') input.list(value, packDocument);
      input.u64(nowMs);
    };
    return perform(CHANGE_NEXT, inner(this, Change), write, (reply) => {
      const step = reply.u8();
      if (step === STORE_STEPS.load) {
        return { step: 'load', kind: readKind(reply), key: readKey(reply) };
      }
      if (step === STORE_STEPS.swap) return { step: 'swap', swap: readSwap(reply) };
      if (step === STORE_STEPS.list) {
        return { step: 'list', after: reply.optional(() => readKey(reply)), limit: reply.u32() };
      }
      return step === DONE ? { outcome: read(reply) } : {};
    });
  }
}

const CLOCK = 'the clock';

/** The time by a clock, read after each answer: a slow store lengthens no life. */
const checkedClock = (clock) => {
  if (typeof clock !== 'function') throw new TypeError(`${CLOCK} is a function`);
  return () => time(clock(), CLOCK);
};

/**
 * Begins an operation on a store with `begin(readHandle)` and carries it to its
 * outcome, which `read` reads. What the store last threw is the cause of an error.
 */
export async function change(store, clock, begin, read) {
  storeMethods(store, 'the store');
  const now = checkedClock(optional(clock, CLOCK, (value) => value) ?? Date.now);
  const running = new Change(OWN, begin(object));
  let thrown;
  try {
    let next = running.next({ answer: 'begin' }, now(), read);
    while (next.step) {
      const { answer, error } = await calls[next.step](store, next, () => Number(now()));
      thrown = error ?? thrown;
      next = running.next(answer, now(), read);
    }
    return next.outcome;
  } catch (error) {
    if (error instanceof MpassError && thrown !== undefined) error.cause ??= thrown;
    throw error;
  } finally {
    running.free();
  }
}
