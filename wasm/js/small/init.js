// For who loads the module: `init` before everything else.
import { needWebAssembly } from '../webassembly.js';
import { provide } from './crossing.js';

/** Compiles the module from bytes or a response, or takes a compiled one. */
export async function init(source) {
  needWebAssembly();
  const given = await source;
  const isResponse = typeof given?.arrayBuffer === 'function';
  // Not `instanceof`: a sandbox may have compiled the module in another realm.
  const module = given?.[Symbol.toStringTag] === 'WebAssembly.Module'
    ? given
    : await WebAssembly.compile(isResponse ? await given.arrayBuffer() : given);
  provide(() => module);
}
