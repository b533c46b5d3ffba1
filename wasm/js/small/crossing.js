// How calls reach the instance of a small module, which has no imports; the
// documentation of mpass-module lists its exports.
//
// After a trap the instance is not called again: a new one replaces it, and the
// handles of the old one throw.
import { MpassError, textOf } from '../errors.js';
import { needWebAssembly } from '../webassembly.js';
import { refusedSetting } from './refused.js';

/** Bytes of the handle before an input, and of the length before a reply. */
const HANDLE = 8;
const LENGTH = 4;
/** Room for inputs that is kept. */
const KEPT = 1024;
const HALF = 2 ** 32;
const NOT_STRICT = 142;
/** What is typed as a digit that base32 does not have. */
const MISTYPED = { 0: 'O is', 1: 'I or L is', 8: 'B is' };

/** The number of instances before this one. */
export let generation = 0;

let compiled;
let instance;

/** Sets the function that compiles the module, which the first call needs. */
export function provide(compile) {
  compiled = compile;
}

class Instance {
  #exports;
  #view;
  #room;

  constructor(module) {
    this.#exports = new WebAssembly.Instance(module).exports;
    this.#room = this.#allocated(KEPT);
  }

  #allocated(length) {
    const address = this.#exports.mpass_alloc(length);
    if (address === 0) throw new RangeError('no memory');
    return address >>> 0;
  }

  /** The memory, which a growth replaces. */
  get #memory() {
    const { buffer } = this.#exports.memory;
    if (this.#view?.buffer !== buffer) this.#view = new DataView(buffer);
    return this.#view;
  }

  call(operation, handle, input) {
    const length = HANDLE + input.length;
    const at = length > KEPT ? this.#allocated(length) : this.#room;
    const memory = this.#memory;
    memory.setUint32(at, Math.floor(handle / HALF));
    memory.setUint32(at + 4, handle % HALF);
    const place = new Uint8Array(memory.buffer, at, length);
    place.set(input, HANDLE);
    const reply = this.#exports.mpass_call(operation, at, length) >>> 0;
    if (at === this.#room) new Uint8Array(this.#memory.buffer, at, length).fill(0);
    else this.#exports.mpass_free(at, length);
    return this.#taken(reply);
  }

  /** A copy of a reply, which is wiped and freed. */
  #taken(reply) {
    if (reply === 0) throw new RangeError('no memory');
    const memory = this.#memory;
    const length = memory.getUint32(reply);
    const bytes = new Uint8Array(memory.buffer, reply + LENGTH, length).slice();
    this.#exports.mpass_free(reply, LENGTH + length);
    return bytes;
  }
}

/** The reply of an operation to a packed input. */
export function transfer(operation, handle, input) {
  if (!instance) {
    needWebAssembly();
    if (!compiled) throw new TypeError('libmpass has no module yet: call init');
    instance = new Instance(compiled());
  }
  try {
    return instance.call(operation, handle, input);
  } catch (thrown) {
    generation += 1;
    instance = undefined;
    throw new MpassError(0, { cause: thrown });
  }
}

/** The length of a setting's number, which is shorter than what else is explained. */
const SETTING = 2;

/**
 * The text of an error, where more than its number is in the reply: the number of a
 * setting, the place of a fault in a secret, or the cautions for which a key URI is
 * refused. The whole module writes its texts itself.
 */
export function explained(error, reply) {
  if (reply.left === SETTING) return refusedSetting(error, reply.u16());
  if (error === NOT_STRICT) return `${textOf(error)}: ${reply.list(reply.text).join(', ')}`;
  const [line, character, digit] = [reply.u32(), reply.u32(), reply.u32()];
  const place = `${line > 1 ? `line ${line}, ` : ''}character ${character}`;
  if (digit === 0) return `${textOf(error)}: ${place}`;
  const typed = String.fromCharCode(digit);
  const often = MISTYPED[typed];
  return `${place} of the secret is ${typed}, which base32 does not have${
    often ? `: ${often} often typed as ${typed}` : ''}`;
}
