// The small entries as users bundle and load them: a program of five lines, built
// by esbuild for pages, for Node and for workerd, and run there.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { withPage } from './page.js';
import { show } from './show.js';
import { esm, version, withWorkerd } from './workerd-run.js';

const ENTRIES = ['otp', 'oath'];

/** A program that keeps its results in a global variable. */
const program = (entry) => `
import * as mpass from 'libmpass/${entry}';
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

/** Runs a bundle in a Node of its own. */
function inNode(file) {
  const run = `${file}.run.mjs`;
  writeFileSync(run, `await import('./${file}');
process.stdout.write(JSON.stringify(await globalThis.results));\n`);
  return JSON.parse(execFileSync(process.execPath, [run], { encoding: 'utf8' }));
}

/** Runs a bundle in a page, as a module or as a script of the classic kind. */
const inPage = (file, kind) => withPage(
  { '/bundle.js': ['js', readFileSync(file)] },
  `<script ${kind === 'esm' ? 'type="module" ' : ''}src="/bundle.js"></script>`);

/** Runs an entry in workerd, which the module of WebAssembly is a file for. */
async function inWorkerd(entry) {
  const worker = `
import * as mpass from 'libmpass/${entry}';
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
  for (const format of ['esm', 'iife']) {
    const file = await bundle(program(entry), `made-${entry}.${format}.js`, { format, minify: true });
    add(`${entry}, ${format} in Chromium`, await inPage(file, format));
  }
  for (const [format, ending] of [['esm', 'mjs'], ['cjs', 'cjs']]) {
    const file = `made-${entry}.node.${ending}`;
    await bundle(program(entry), file, { format, platform: 'node' });
    add(`${entry}, ${format} for Node`, inNode(file));
  }
  add(`${entry} in workerd`, await inWorkerd(entry));
}
show(`bundles by esbuild in Chromium, Node and workerd ${version}`, results);
