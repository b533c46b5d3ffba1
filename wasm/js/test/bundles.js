// The cases of the entries in bundles: minified in Chromium, and in workerd. What
// bundlers and runtimes load an entry is the subject of `loads/`.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { nameOf } from './cases/entry.js';
import { withPage } from './page.js';
import { show } from './show.js';
import { esm, version, withWorkerd } from './workerd-run.js';

const ENTRIES = ['otp', 'oath', 'challenge', 'mpass'];

/** A program that keeps its results in a global variable. */
const program = (entry) => `
import * as mpass from '${nameOf(entry)}';
import { entryReport } from './cases/entry.js';
import vectors from './vectors.js';
globalThis.results = entryReport('${entry}', mpass, vectors);
`;

const bundle = async (contents, outfile, settings) => {
  await build({
    stdin: { contents, resolveDir: '.' }, bundle: true, outfile, logLevel: 'warning', ...settings,
  });
  return outfile;
};

/** Runs an entry on a page. */
async function inPage(entry) {
  const file = await bundle(program(entry), `made-${entry}.js`, { format: 'esm', minify: true });
  return withPage(
    { '/bundle.js': ['js', readFileSync(file)] }, '<script type="module" src="/bundle.js"></script>');
}

/** Runs an entry in workerd, which the module of WebAssembly is a file for. */
async function inWorkerd(entry) {
  const worker = `
import * as mpass from '${nameOf(entry)}';
import { entryReport } from './cases/entry.js';
import vectors from './vectors.js';
export default {
  fetch: async () => Response.json(await entryReport('${entry}', mpass, vectors)),
};
`;
  const file = await bundle(worker, `made-${entry}.workerd.js`, {
    conditions: ['workerd', 'worker', 'browser'], external: ['*.wasm'], format: 'esm',
  });
  const module = `node_modules/libmpass/${entry}/${entry}.wasm`;
  const modules = [
    esm('worker.js', file),
    `(name = "${entry}.wasm", wasm = embed ${JSON.stringify(module)})`,
  ];
  const settings = `modules = [${modules}], compatibilityDate = "2026-01-01",`;
  return withWorkerd(settings, [], async (base) => {
    const response = await fetch(base);
    const text = await response.text();
    return response.ok ? JSON.parse(text) : [{ name: 'worker', passed: false, message: text }];
  });
}

const results = [];
const add = (how, list) =>
  results.push(...list.map(({ name, ...rest }) => ({ name: `${how}: ${name}`, ...rest })));

for (const entry of ENTRIES) {
  add(`${entry} in Chromium`, await inPage(entry));
  add(`${entry} in workerd`, await inWorkerd(entry));
}
show(`bundles by esbuild in Chromium and workerd ${version}`, results);
