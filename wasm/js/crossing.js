// How calls reach the one instance of a module with the glue of wasm-bindgen.
//
// A call that traps leaves the instance's memory in an unknown state. It is
// not called again: a new instance replaces it, and the handles of the old one
// throw.
//
// The other entries have `small/crossing.js` in place of this file.
import * as raw from './glue/mpass.js';
import { MpassError } from './errors.js';
import { Packer, Unpacker } from './pack.js';
import { withOwnNames } from './setting-names.js';
import { needWebAssembly } from './webassembly.js';

const input = new Packer();

/** The instance; `generation` is the number of those before it. */
export const main = { generation: 0 };

let compiled;
let isRunning = false;

/** Sets the function that compiles the module, which the first call needs. */
export function provide(compile) {
  compiled = compile;
}

/** Calls into the instance. Arguments have been checked before. */
export function call(work) {
  if (!isRunning) {
    needWebAssembly();
    if (!compiled) throw new TypeError('libmpass has no module yet: call init');
    raw.initSync({ module: compiled() });
    isRunning = true;
  }
  try {
    return work(raw);
  } catch (thrown) {
    main.generation += 1;
    raw.__wbg_reset_state();
    throw new MpassError(0, { cause: thrown });
  }
}

/** Where the input of the next operation is packed. */
export const begin = () => input;

/** The reply of an operation to a packed input. */
export const transfer = (operation, handle, { packed }) =>
  new Unpacker(call((mpass) => mpass.call(operation, handle, packed)));

/** Erases a reply that has been read. */
export const finish = (output) => output.wipe();

/** The text of an error, where more than its number is in the reply. */
export const explained = (_, reply) => withOwnNames(reply.text());

/** The implementations that compute single codes and many side by side. */
export const backend = () => call((mpass) => mpass.backend());
