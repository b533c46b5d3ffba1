// How calls reach the instances of small modules, which have no imports; the
// documentation of mpass-module lists their exports.
//
// After a trap an instance is not called again: a new one replaces it, and the
// handles of the old one throw.
import { MpassError, textOf } from '../errors.js';
import { Packer, Unpacker } from '../pack.js';
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

/**
 * The place of an instance: the number of those before it, the function that compiles its
 * module, and the instance once there is one. This is that of codes; key URIs may have
 * one of their own.
 */
export const main = { generation: 0, compile: undefined, instance: undefined };

/** Sets the function that compiles the module, which the first call needs. */
export function provide(compile) {
  main.compile = compile;
}

class Instance {
  #exports;
  #room;
  #memory;
  #data;
  #reply;

  /** Where inputs are packed. */
  input;

  constructor(module) {
    this.#exports = new WebAssembly.Instance(module).exports;
    this.#room = this.#allocated(KEPT);
    this.#look();
  }

  #allocated(length) {
    const address = this.#exports.mpass_alloc(length);
    if (address === 0) throw new RangeError('no memory');
    return address >>> 0;
  }

  /** Makes the views of the memory, which a growth replaces. */
  #look() {
    const { buffer } = this.#exports.memory;
    this.#memory = new Uint8Array(buffer);
    this.#data = new DataView(buffer);
    this.input = new Packer(new Uint8Array(buffer, this.#room + HANDLE, KEPT - HANDLE));
  }

  /** Whether the memory has grown. */
  get #isDetached() {
    return this.#memory.length === 0;
  }

  call(operation, handle, input) {
    const length = HANDLE + input.length;
    const at = input.isElsewhere ? this.#allocated(length) : this.#room;
    if (input.isElsewhere) {
      if (this.#isDetached) this.#look();
      this.#memory.set(input.packed, at + HANDLE);
    }
    this.#data.setUint32(at, Math.floor(handle / HALF));
    this.#data.setUint32(at + 4, handle % HALF);
    const reply = this.#exports.mpass_call(operation, at, length) >>> 0;
    if (this.#isDetached) {
      this.#look();
      // The caller has the input of the memory before.
      this.#memory.fill(0, at, at + length);
    }
    if (at !== this.#room) this.#exports.mpass_free(at, length);
    if (reply === 0) throw new RangeError('no memory');
    this.#reply = reply;
    const begin = reply + LENGTH;
    return new Unpacker(this.#memory, begin, begin + this.#data.getUint32(reply));
  }

  /** Erases and frees the last reply. */
  finish() {
    this.#exports.mpass_free(this.#reply, LENGTH + this.#data.getUint32(this.#reply));
  }
}

/** Calls into an instance. */
function call(within, work) {
  try {
    return work(within.instance);
  } catch (thrown) {
    within.generation += 1;
    within.instance = undefined;
    throw new MpassError(0, { cause: thrown });
  }
}

/** Where the input of the next operation is packed. */
export function begin(within) {
  if (!within.instance) {
    needWebAssembly();
    if (!within.compile) throw new TypeError('libmpass has no module yet: call init');
    within.instance = new Instance(within.compile());
  }
  return within.instance.input;
}

/** The reply of an operation to a packed input. */
export const transfer = (operation, handle, input, within) =>
  call(within, (instance) => instance.call(operation, handle, input));

/** Erases and frees a reply that has been read. */
export const finish = (_, within) => call(within, (instance) => instance.finish());

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
