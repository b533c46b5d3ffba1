// Builds the entries into the package: each a file of its own for each way to load
// the module, as an ES module and as CommonJS.
//
// node entries.js PACKAGE MODULES TOOLS
//
// PACKAGE has the sources, which are removed from it. MODULES has the modules by the
// names of the entries, and the glue of each that has one in `glue/`; the internals
// for tests are written there. TOOLS has esbuild.
import { createHash } from 'node:crypto';
import {
  copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { SINGLES, encode } from '../small/letters.js';
import { withoutLocations } from './locations.js';
import { ENTRIES, LOADERS, OF_URIS, STORES, exportsOf, exportsOfStore } from './table.js';

const [pack, modules, tools] = process.argv.slice(2).map((path) => resolve(path));
const { build } = createRequire(join(tools, 'package.json'))('esbuild');
const lists = await import(join(pack, 'lists.js'));
const { FIELDS } = await import(join(pack, 'fields.js'));

/** Source text that exports values. */
const exported = (values) => Object.entries(values)
  .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`).join('');

const errorsIn = (ranges) => lists.ERRORS.filter(([number]) =>
  ranges.some(([first, last]) => first <= number && number <= last));

/** The lists of an entry, with the errors that it can have, but for those of key URIs. */
const listsOf = ({ errors }) => exported({ ...lists, ERRORS: errorsIn(errors) });
const uriErrors = () => exported({ URI_ERRORS: errorsIn([OF_URIS]) });

/**
 * The settings of the groups of an entry. A module with glue writes the texts with
 * their ranges itself.
 */
function fieldsOf({ groups, isBound }) {
  const had = Object.entries(FIELDS)
    .filter(([, field]) => isBound || field.groups.some((group) => groups.includes(group)))
    .map(([name, field]) => {
      const { range, ...others } = field;
      return [name, isBound ? others : field];
    });
  return exported({ FIELDS: Object.fromEntries(had) });
}

/** What an entry is imported by. */
const importOf = (name) => ENTRIES[name].path.replace('.', 'libmpass');

/** The custom section in which a module has its entry. */
const NAMED = 'libmpass';

function namedSection(name) {
  const text = Buffer.from(importOf(name));
  const content = [NAMED.length, ...Buffer.from(NAMED), ...text];
  return Buffer.from([0, content.length, ...content]);
}

/** A module. Glue reports the places of panics, `mpass-module` does not. */
function built(name) {
  const bytes = readFileSync(join(modules, `${name}.wasm`));
  return ENTRIES[name]?.isBound ? bytes : withoutLocations(bytes);
}

/** The module of an entry. */
const moduleOf = (name) => Buffer.concat([built(name), namedSection(name)]);

/** What an entry calls of its module. */
function exportsUsed(name) {
  const module = new WebAssembly.Module(moduleOf(name));
  return WebAssembly.Module.exports(module).map((exported) => exported.name)
    .filter((exported) => ENTRIES[name].isBound || !exported.startsWith('__'));
}

/** The values of bytes that a module has most often. */
function frequentIn(bytes) {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] += 1;
  const values = [...counts.keys()].sort((one, other) => counts[other] - counts[one]);
  return values.slice(0, SINGLES);
}

/** A module as text. */
function inline(name) {
  const frequent = frequentIn(built(name));
  return exported({ frequent, text: encode(built(name), frequent) });
}

/** The module of key URIs in the letters of that of codes, so that gzip finds what both have. */
const inlineUris = (codes) =>
  exported({ text: encode(built('uris'), frequentIn(built(codes))) });

/** The loaders that import the module compiled, and how its name ends for that. */
const COMPILED = { 'edge.js': '?module', 'workerd.js': '' };

/** How the glue asks for a compiled module, which is false of one from another realm. */
const ASKED = '!(module instanceof WebAssembly.Module)';

/** The glue of an entry, which takes modules from other realms: edge runtimes have them. */
function glue(path) {
  const text = readFileSync(path, 'utf8');
  if (text.split(ASKED).length !== 2) throw new Error(`${path} has no ${ASKED}, or several`);
  return text.replace(ASKED, "module[Symbol.toStringTag] !== 'WebAssembly.Module'");
}

/** Whether a file of an entry has key URIs in a module of their own: `inline.js` has. */
const isSplit = (name, loader) => loader === 'inline' && !ENTRIES[name].isBound;

/** What a file of an entry has in place of files of the sources. */
function parts(name, loader) {
  const entry = ENTRIES[name];
  const made = {
    lists: () => listsOf(entry),
    'uri-errors': uriErrors,
    fields: () => fieldsOf(entry),
    module: () => inline(isSplit(name, loader) ? `${name}-codes` : name),
    uris: () => inlineUris(`${name}-codes`),
  };
  return {
    name: 'parts',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /\/(codes|crossing|store)\.js$/ }, ({ path }) =>
        ({ path: join(pack, entry.isBound ? '' : 'small', basename(path)) }));
      onResolve({ filter: /\/uris\.js$/ }, () =>
        ({ path: join(pack, isSplit(name, loader) ? 'small' : '', 'uris.js') }));
      onResolve({ filter: /\/glue\/mpass\.js$/ }, () =>
        ({ path: join(modules, 'glue', name, 'mpass.js') }));
      onResolve({ filter: /\/fields\.js$/ }, () => ({ path: 'fields', namespace: 'made' }));
      onResolve({ filter: /\/(lists|uri-errors)\.js$/ }, ({ path }) => (
        entry.errors ? { path: basename(path, '.js'), namespace: 'made' } : undefined));
      onResolve({ filter: /\/refused\.js$/ }, () => (
        entry.groups?.length === 0 ? { path: join(pack, 'small/no-settings.js') } : undefined));
      onResolve({ filter: /^libmpass:module$/ }, ({ importer }) => {
        const query = COMPILED[basename(importer)];
        return query === undefined
          ? { path: 'module', namespace: 'made' }
          : { path: `./${name}.wasm${query}`, external: true };
      });
      onResolve({ filter: /^libmpass:uris$/ }, () => ({ path: 'uris', namespace: 'made' }));
      onResolve({ filter: /^libmpass:inline$/ }, () => ({ path: './inline.js', external: true }));
      onLoad({ filter: /\/glue\/\w+\/mpass\.js$/ }, ({ path }) => ({ contents: glue(path) }));
      onLoad({ filter: /./, namespace: 'made' }, ({ path }) => ({ contents: made[path]() }));
    },
  };
}

const COMMON = {
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'moduleUrl' },
};

/**
 * Bundles a program of the sources into a file of an entry, which gets the module by
 * `loader`, from its path `module`.
 */
async function bundle({ name, loader, contents, outfile, module, format = 'esm', common = {} }) {
  await build({
    ...common,
    absWorkingDir: pack,
    stdin: { contents, resolveDir: pack },
    bundle: true,
    define: {
      ...common.define,
      HAS_LOGIN: String(ENTRIES[name].hasLogin ?? false),
      MODULE_ENTRY: JSON.stringify(importOf(name)),
      MODULE_EXPORTS: JSON.stringify(exportsUsed(name)),
      MODULE_FILE: JSON.stringify(module),
      MODULE_NAMED: JSON.stringify(NAMED),
    },
    external: ['node:*'],
    format,
    // What the manifest has of side effects is about the files of the package.
    ignoreAnnotations: true,
    logLevel: 'warning',
    outfile,
    platform: 'neutral',
    plugins: [parts(name, loader)],
    target: 'es2022',
  });
}

/** Writes one file of an entry. */
async function write(name, loader, format) {
  const isCommon = format === 'cjs';
  const file = isCommon ? `../../${name}/${name}.wasm` : `./${name}.wasm`;
  const init = loader.startsWith('init') ? "export { init } from './small/init.js';\n" : '';
  const source = loader === 'bundled' ? 'libmpass:inline' : ENTRIES[name].source;
  // Before the module of codes, where gzip finds more of what both have.
  const uris = isSplit(name, loader) ? "import 'libmpass:uris';\n" : '';
  const contents = `${uris}import './small/${loader}.js';\n${init}export * from '${source}';\n`;
  const outfile = join(pack, isCommon ? 'cjs' : '', name, `${loader}.js`);
  const common = isCommon && loader === 'node' ? COMMON : {};
  await bundle({ name, loader, contents, outfile, module: file, format, common });
}

for (const name of Object.keys(ENTRIES)) {
  for (const [loader, formats] of Object.entries(LOADERS)) {
    for (const format of formats) await write(name, loader, format);
  }
  writeFileSync(join(pack, name, `${name}.wasm`), moduleOf(name));
}

// What the tests call below the API of the whole entry.
await bundle({
  name: 'mpass',
  loader: 'node',
  contents: `import './small/node.js';
export * from './api.js';
export { DurableObjectStore } from './durable-store.js';
export { perform } from './instance.js';
export * as glue from './glue/mpass.js';
export * as operations from './operations.js';
export { Packer, Unpacker } from './pack.js';
`,
  outfile: join(modules, 'internals.js'),
  module: './mpass.wasm',
});

const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');

/** Bundles a source that needs no module, `from`, into a file of the package. */
const plain = (from, file, format) => build({
  absWorkingDir: pack,
  allowOverwrite: true,
  bundle: true,
  entryPoints: [join(pack, from)],
  // Redis knows the script by its digest.
  define: { SCRIPT_SHA1: JSON.stringify(sha1(readFileSync(join(pack, 'layout/swap.lua')))) },
  external: ['cloudflare:workers'],
  format,
  loader: { '.lua': 'text', '.sql': 'text' },
  logLevel: 'warning',
  outfile: join(pack, file),
  platform: 'neutral',
  target: 'es2022',
});

// Only workerd has Durable Objects.
await plain('durable-objects.js', 'durable-objects.js', 'esm');
for (const store of STORES) {
  await plain(`stores/${store}.js`, `cjs/stores/${store}.js`, 'cjs');
  await plain(`stores/${store}.js`, `stores/${store}.js`, 'esm');
}
rmSync(join(pack, 'stores/calls.js'));
rmSync(join(pack, 'layout'), { recursive: true });

// The same types for CommonJS: TypeScript reads the format of a file from the
// nearest package.json.
const manifest = JSON.parse(readFileSync(join(pack, 'package.json'), 'utf8'));
mkdirSync(join(pack, 'cjs'), { recursive: true });
writeFileSync(join(pack, 'cjs/package.json'), '{ "type": "commonjs" }\n');
for (const file of readdirSync(pack)) {
  if (file.endsWith('.d.ts')) copyFileSync(join(pack, file), join(pack, 'cjs', file));
  // The entries contain what they need of the sources.
  if (file.endsWith('.js') && !manifest.files.includes(file)) rmSync(join(pack, file));
}
for (const store of STORES) {
  copyFileSync(join(pack, `stores/${store}.d.ts`), join(pack, `cjs/stores/${store}.d.ts`));
}
rmSync(join(pack, 'small'), { recursive: true });

Object.assign(
  manifest.exports, ...Object.keys(ENTRIES).map(exportsOf), ...STORES.map(exportsOfStore));
manifest.files.push(...Object.keys(ENTRIES));
writeFileSync(join(pack, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
