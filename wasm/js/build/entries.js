// Builds the small entries into the package: each a file of its own for each
// runtime, as an ES module and as CommonJS.
//
// node entries.js PACKAGE MODULES TOOLS
//
// MODULES has the modules by the names of the entries, TOOLS has esbuild.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { SINGLES, encode } from '../small/letters.js';
import { withoutLocations } from './locations.js';

const [pack, modules, tools] = process.argv.slice(2).map((path) => resolve(path));
const { build } = createRequire(join(tools, 'package.json'))('esbuild');
const { ERRORS } = await import(join(pack, 'lists.js'));

/** The errors of the entries: of secrets and codes, of key URIs, of OCRA, of entropy. */
const RANGES = {
  otp: [[101, 112], [115, 119], [130, 159], [409, 409]],
  oath: [[101, 112], [115, 159], [409, 409]],
};
/** The files of an entry: their runtimes, and the formats that they are needed in. */
const RUNTIMES = {
  bundled: ['esm'],
  init: ['esm', 'cjs'],
  inline: ['esm', 'cjs'],
  node: ['esm', 'cjs'],
  workerd: ['esm'],
};

/** The rows of an entry's errors, in place of all lists. */
function errors(entry) {
  const rows = ERRORS.filter(([number]) =>
    RANGES[entry].some(([first, last]) => first <= number && number <= last));
  return `export const ERRORS = ${JSON.stringify(rows)};`;
}

/** The module of an entry. */
const moduleOf = (entry) => withoutLocations(readFileSync(join(modules, `${entry}.wasm`)));

/** A module as text. */
function inline(entry) {
  const bytes = moduleOf(entry);
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] += 1;
  const values = [...counts.keys()].sort((one, other) => counts[other] - counts[one]);
  const frequent = values.slice(0, SINGLES);
  const text = encode(bytes, frequent);
  return `export const frequent = [${frequent}];\nexport const text = ${JSON.stringify(text)};`;
}

/** What an entry has in place of files of the whole package. */
const parts = (entry) => ({
  name: 'parts',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/(codes|crossing)\.js$/ }, ({ path }) =>
      ({ path: join(pack, 'small', basename(path)) }));
    onResolve({ filter: /\/lists\.js$/ }, () => ({ path: 'errors', namespace: 'made' }));
    onResolve({ filter: /^libmpass:module$/ }, ({ importer }) => (
      importer.endsWith('/workerd.js')
        ? { path: `./${entry}.wasm`, external: true }
        : { path: 'module', namespace: 'made' }));
    onLoad({ filter: /./, namespace: 'made' }, ({ path }) =>
      ({ contents: path === 'errors' ? errors(entry) : inline(entry) }));
  },
});

const COMMON = {
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'moduleUrl' },
};

/** Writes one file of an entry. */
async function write(entry, runtime, format) {
  const isCommon = format === 'cjs';
  const common = isCommon && runtime === 'node' ? COMMON : {};
  const file = isCommon ? `../../${entry}/${entry}.wasm` : `./${entry}.wasm`;
  const init = runtime === 'init' ? "export { init } from './init.js';\n" : '';
  await build({
    ...common,
    stdin: {
      contents: `import './${runtime}.js';\n${init}export * from './${entry}.js';\n`,
      resolveDir: join(pack, 'small'),
    },
    bundle: true,
    define: { ...common.define, MODULE_FILE: JSON.stringify(file) },
    external: ['node:*'],
    format,
    // What the manifest has of side effects is about the files of the package.
    ignoreAnnotations: true,
    logLevel: 'warning',
    outfile: join(pack, isCommon ? 'cjs' : '', entry, `${runtime}.js`),
    platform: 'neutral',
    plugins: [parts(entry)],
    target: 'es2022',
  });
}

for (const entry of Object.keys(RANGES)) {
  for (const [runtime, formats] of Object.entries(RUNTIMES)) {
    for (const format of formats) await write(entry, runtime, format);
  }
  writeFileSync(join(pack, entry, `${entry}.wasm`), moduleOf(entry));
}

// The same types for CommonJS: TypeScript reads the format of a file from the
// nearest package.json.
mkdirSync(join(pack, 'cjs'), { recursive: true });
writeFileSync(join(pack, 'cjs/package.json'), '{ "type": "commonjs" }\n');
for (const name of readdirSync(pack).filter((file) => file.endsWith('.d.ts'))) {
  copyFileSync(join(pack, name), join(pack, 'cjs', name));
}
