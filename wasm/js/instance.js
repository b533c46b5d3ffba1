// Operations of the instance, and the handles of the objects in it.
import { typeName } from './check.js';
import { begin, explained, finish, main, transfer } from './crossing.js';
import { MpassError } from './errors.js';
import { FREE, VERSION } from './operations.js';
import { Packer } from './pack.js';

/**
 * Performs an operation on the object of a handle, 0 where it needs none:
 * `write` packs its input, `read` reads its reply. Both byte buffers are wiped.
 * `within` is the instance.
 */
export function perform(operation, handle, write, read, within = main) {
  const input = begin(within);
  let output;
  try {
    write?.(input);
    output = transfer(operation, handle, input, within);
  } finally {
    input.wipe();
  }
  try {
    const error = output.u16();
    // A refused setting and the fault of a text are described by the engine.
    const described = error !== 0 && output.left > 0 ? { message: explained(error, output) } : {};
    if (error !== 0) throw new MpassError(error, described);
    return read?.(output);
  } finally {
    finish(output, within);
  }
}

/** Bytes that several inputs begin with. */
export function prepacked(write) {
  const packer = new Packer();
  write(packer);
  const bytes = packer.packed.slice();
  packer.wipe();
  return bytes;
}

/** Frees an object. */
export const release = (handle, within) => perform(FREE, handle, undefined, undefined, within);

const registry = typeof FinalizationRegistry === 'undefined'
  ? { register() {}, unregister() {} }
  : new FinalizationRegistry((held) => {
    if (held.generation === held.within.generation) release(held.handle, held.within);
  });

/** Proof that a handle is made by this package. */
export const OWN = Symbol('libmpass');

/** Why a value is no object of a class. */
function refused(value, Class) {
  const { name } = Class;
  if (value instanceof Class) return `this ${name} is a Proxy or a copy: pass the object itself`;
  if (typeName(value) === name) return `this ${name} is of another entry or copy of libmpass`;
  const hint = name === 'Secret' && typeof value === 'string' ? ': use Secret.fromBase32' : '';
  return `not a ${name}, but ${typeName(value)}${hint}`;
}

let open;
let take;

/**
 * What a class of the package stands for: the number of an object in the
 * instance, or a value. Messages name the class: each has its name as a text of
 * its own, which minifiers keep.
 */
export class Handle {
  #inner;
  #within;
  #generation;

  constructor(own, inner, within = main) {
    if (own !== OWN) {
      throw new TypeError(`${new.target.name} is made by its static methods, not by new`);
    }
    this.#inner = inner;
    this.#within = within;
    this.#generation = within.generation;
    if (typeof inner !== 'number') return;
    registry.register(this, { handle: inner, within, generation: within.generation }, this);
  }

  /** Gives its memory back and erases its secrets; doing it twice is harmless. */
  free() {
    const inner = this.#inner;
    this.#inner = null;
    if (typeof inner !== 'number') return;
    registry.unregister(this);
    if (this.#generation === this.#within.generation) release(inner, this.#within);
  }

  static {
    open = (handle, Class) => {
      if (!(handle instanceof Class && #inner in handle)) {
        throw new TypeError(refused(handle, Class));
      }
      if (handle.#inner === null) throw new TypeError(`the ${Class.name} was freed`);
      if (handle.#generation !== handle.#within.generation) throw new MpassError(0);
      return handle.#inner;
    };
    take = (handle, Class, use) => {
      const inner = open(handle, Class);
      try {
        return use(inner);
      } finally {
        handle.free();
      }
    };
  }
}

if (Symbol.dispose) {
  Handle.prototype[Symbol.dispose] = function dispose() {
    this.free();
  };
}

/** What a handle of a class stands for; throws for anything else. */
export const inner = (handle, Class) => open(handle, Class);
/** `use` of the same, which frees it. */
export const taken = (handle, Class, use) => take(handle, Class, use);
/** A handle in a reply. */
export const object = (output) => output.number();
/** A text that is all of a reply. */
export const onlyText = (output) => output.text();
/** A position in a reply, or `null`. */
export const found = (output) => output.optional(output.u64);

/** The version of this package. */
export function version() {
  return perform(VERSION, 0, undefined, onlyText);
}
