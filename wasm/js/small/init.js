// For who loads the module: `init` before everything else.
import { typeName } from '../check.js';
import { needWebAssembly } from '../webassembly.js';
import { provide } from './crossing.js';

// The build defines the entry, the exports of its module, and the name of the
// section in which a module has its entry.
const ENTRY = MODULE_ENTRY;
const NAMED = MODULE_NAMED;
const MAGIC = [0, 0x61, 0x73, 0x6d];

function refuse(text) {
  throw new TypeError(`init of ${ENTRY} ${text}`);
}

/** The bytes of a response; one of an error page is not a module. */
async function bodyOf(response) {
  if (response.ok === false) refuse(`was given a response with status ${response.status}`);
  return response.arrayBuffer();
}

function compile(given) {
  const isBuffer = typeName(given) === 'ArrayBuffer';
  if (!isBuffer && !ArrayBuffer.isView(given)) {
    refuse(`takes the bytes of its module, a response or a compiled module, not ${typeName(given)}`);
  }
  const bytes = isBuffer
    ? new Uint8Array(given)
    : new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) refuse('was given bytes that are no module');
  return WebAssembly.compile(given);
}

/** Refuses the module of another entry or program. */
function checked(module) {
  const [named] = WebAssembly.Module.customSections(module, NAMED);
  const entry = named && new TextDecoder().decode(named);
  if (entry && entry !== ENTRY) refuse(`was given the module of ${entry}`);
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  if (!MODULE_EXPORTS.every((name) => exported.includes(name))) refuse('was given another module');
  return module;
}

/** Compiles the module from bytes or a response, or takes a compiled one. */
export async function init(source) {
  needWebAssembly();
  const given = await source;
  const isResponse = typeof given?.arrayBuffer === 'function';
  // Not `instanceof`: a sandbox may have compiled the module in another realm.
  const isModule = given?.[Symbol.toStringTag] === 'WebAssembly.Module';
  const module = checked(isModule ? given : await compile(isResponse ? await bodyOf(given) : given));
  provide(() => module);
}
