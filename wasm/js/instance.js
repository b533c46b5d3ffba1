// The one instance of the module, and the handles of what lives in it.
//
// A call that traps leaves the instance's memory in no known state. Nothing
// is called in it afterwards: a new instance takes its place, and the handles
// of the old one throw.
import * as raw from './glue/mpass.js';
import { MpassError } from './errors.js';

let generation = 0;

/** Calls into the instance. Arguments have been checked before. */
export function call(work) {
  try {
    return work(raw);
  } catch (thrown) {
    // What the module throws on purpose: an error's number, or a text.
    if (typeof thrown === 'number') throw new MpassError(thrown);
    if (typeof thrown === 'string') throw new Error(thrown);
    generation += 1;
    raw.__wbg_reset_state();
    throw new MpassError(0, { cause: thrown });
  }
}

/** Proof that a handle is made by this package. */
export const OWN = Symbol('libmpass');

let open;
let take;

/** What lives in the instance. */
export class Handle {
  #raw;
  #generation;

  constructor(own, inner) {
    if (own !== OWN) {
      throw new TypeError(`${new.target.name} is made by its static methods, not by new`);
    }
    this.#raw = inner;
    this.#generation = generation;
  }

  /** Gives its memory back and erases its secrets; doing it twice is harmless. */
  free() {
    const inner = this.#raw;
    this.#raw = null;
    if (inner && this.#generation === generation) call(() => inner.free());
  }

  static {
    open = (handle, Class) => {
      if (!(handle instanceof Class)) throw new TypeError(`not a ${Class.name}`);
      if (handle.#raw === null) throw new TypeError(`the ${Class.name} was freed`);
      if (handle.#generation !== generation) throw new MpassError(0);
      return handle.#raw;
    };
    take = (handle, Class) => {
      const inner = open(handle, Class);
      handle.#raw = null;
      return inner;
    };
  }
}

if (Symbol.dispose) {
  Handle.prototype[Symbol.dispose] = Handle.prototype.free;
}

/** What a handle of a class stands for; throws for anything else. */
export const inner = (handle, Class) => open(handle, Class);
/** The same for a call that uses it up. */
export const taken = (handle, Class) => take(handle, Class);

/** The version of this package. */
export function version() {
  return call((mpass) => mpass.version());
}

/** What computes single codes, and what computes many side by side. */
export function backend() {
  return call((mpass) => mpass.backend());
}
