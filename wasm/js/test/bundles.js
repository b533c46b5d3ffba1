// Entries as users bundle and load them: a program of five lines, built
// by bundlers for pages, for Node and for workerd, and run there.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
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

/** The same program from other bundlers, for pages: their names and how they build it. */
const BUNDLERS = {
  async rollup(input, file) {
    const built = await rollup({
      input, plugins: [nodeResolve({ browser: true })], logLevel: 'silent',
    });
    await built.write({ file, format: 'es' });
  },

  async vite(entry, file) {
    await vite({
      configFile: false,
      logLevel: 'error',
      build: {
        emptyOutDir: false,
        outDir: '.',
        rollupOptions: { input: entry, output: { entryFileNames: file, format: 'es' } },
      },
    });
  },

  async webpack(entry, filename) {
    const compiler = webpack({
      mode: 'production', entry: `./${entry}`, output: { path: resolve('.'), filename },
    });
    const stats = await new Promise((done, failed) => {
      compiler.run((error, result) => (error ? failed(error) : done(result)));
    });
    if (stats.hasErrors()) throw new Error(stats.toString());
  },
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

/** Runs an entry in a service worker that is a module, which may not await at its top. */
async function inServiceWorker(entry) {
  const worker = `
import * as mpass from '${nameOf(entry)}';
import { entryReport } from './cases/entry.js';
import vectors from './vectors.js';
addEventListener('message', async ({ ports: [port] }) => {
  port.postMessage(await entryReport('${entry}', mpass, vectors));
});
`;
  const page = `
const { port1, port2 } = new MessageChannel();
const reply = new Promise((done) => { port1.onmessage = ({ data }) => done(data); });
await navigator.serviceWorker.register('/worker.js', { type: 'module' });
const { active } = await navigator.serviceWorker.ready;
active.postMessage(null, [port2]);
globalThis.results = await reply;
`;
  const file = await bundle(worker, `made-${entry}.service.js`, { format: 'esm' });
  return withPage(
    { '/worker.js': ['js', readFileSync(file)], '/page-script.js': ['js', page] },
    '<script type="module" src="/page-script.js"></script>');
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
  for (const format of ['esm', 'iife']) {
    const file = await bundle(program(entry), `made-${entry}.${format}.js`, { format, minify: true });
    add(`${entry}, ${format} in Chromium`, await inPage(file, format));
  }
  writeFileSync(`made-${entry}.js`, program(entry));
  for (const [name, make] of Object.entries(BUNDLERS)) {
    const file = `made-${entry}.${name}.js`;
    await make(`made-${entry}.js`, file);
    add(`${entry}, ${name} in Chromium`, await inPage(file, 'esm'));
  }
  for (const [format, ending] of [['esm', 'mjs'], ['cjs', 'cjs']]) {
    const file = `made-${entry}.node.${ending}`;
    await bundle(program(entry), file, { format, platform: 'node' });
    add(`${entry}, ${format} for Node`, inNode(file));
  }
  add(`${entry}, a service worker`, await inServiceWorker(entry));
  add(`${entry} in workerd`, await inWorkerd(entry));
}
const bundlers = ['esbuild', ...Object.keys(BUNDLERS)].join(', ');
show(`bundles by ${bundlers} in Chromium, Node and workerd ${version}`, results);
