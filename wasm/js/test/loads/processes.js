// Runtimes without a page: Node.js, Deno and Bun, with and without a bundler.
import { join, resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { SOURCES, program } from './entries.js';
import { compiled, vite } from './bundlers.js';
import { NODES, beside, pairs, run, workplace, write } from './work.js';

const BUN = resolve('node_modules/@oven/bun-linux-x64/bin/bun');
const DENO = resolve('node_modules/@deno/linux-x64-glibc/deno');

/** A main file that prints the result of a program. */
const imports = (file) => `import run from './${file}';\nrun().then(console.log);\n`;
const requires = (file) => `require('./${file}')().then(console.log);\n`;

/** Programs that the runtime loads itself, as ES modules or as CommonJS. */
function plain(runtime, command, format) {
  const isCommon = format === 'require';
  const directory = workplace(`${runtime} ${format}`);
  const [ending, main, source] = isCommon
    ? ['cjs', requires, SOURCES.required]
    : ['mjs', imports, SOURCES.resolved];
  return (entries) => pairs(entries, (entry) => {
    const file = `${entry.file}.${ending}`;
    write(directory, {
      [file]: program(entry, source, isCommon), [`main-${file}`]: main(file),
    });
    return run(command[0], [...command.slice(1), `main-${file}`], directory);
  });
}

/**
 * How bundlers build for Node.js, from main files to `FILE.out.ENDING`: the ending,
 * how a program gets a module, and the build.
 */
const NODE_BUILDS = {
  'esbuild, esm': ['mjs', SOURCES.imported, (entries, directory) =>
    esbuilt(entries, directory, 'esm', '.mjs')],
  'esbuild, cjs': ['cjs', SOURCES.imported, (entries, directory) =>
    esbuilt(entries, directory, 'cjs', '.cjs')],
  rollup: ['mjs', SOURCES.besideFile, async (entries, directory) => {
    for (const { file } of entries) {
      const made = await rollup({
        input: join(directory, `main-${file}.js`),
        plugins: [nodeResolve({ exportConditions: ['node'] })],
        external: /^node:/,
        logLevel: 'silent',
      });
      await made.write({ file: join(directory, `${file}.out.mjs`), format: 'es' });
    }
  }],
  webpack: ['cjs', SOURCES.assetFile, (entries, directory) => compiled(entries, directory, {
    target: 'node',
    optimization: { minimize: false },
    output: { path: directory, filename: '[name].out.cjs' },
  })],
  'Vite, server build': ['mjs', (module) => SOURCES.url(module, 'url&inline'),
    (entries, directory) => vite(entries, directory, {
      ssr: { noExternal: true },
      build: { ssr: true, rollupOptions: { output: { entryFileNames: '[name].out.mjs' } } },
    })],
};

const esbuilt = (entries, directory, format, ending) => build({
  entryPoints: entries.map(({ file }) => ({
    in: join(directory, `main-${file}.js`), out: `${file}.out`,
  })),
  bundle: true, format, platform: 'node', target: 'node18', outdir: directory,
  outExtension: { '.js': ending }, loader: { '.wasm': 'binary' }, logLevel: 'error',
});

/** Bundles of one bundler, built once and run in every Node.js. */
function bundled(name) {
  const [ending, source, make] = NODE_BUILDS[name];
  const directory = workplace(`node ${name}`);
  let made;
  const prepare = (entries) => {
    for (const entry of entries) {
      write(directory, {
        [`${entry.file}.js`]: program(entry, source),
        [`main-${entry.file}.js`]: imports(`${entry.file}.js`),
      });
      beside(directory, entry);
    }
    return make(entries, directory);
  };
  return (node) => async (entries) => {
    made ??= prepare(entries);
    await made;
    return pairs(entries, ({ file }) => run(node, [`${file}.out.${ending}`], directory));
  };
}

/** Rows of the table: the bundler, the runtime, and what returns results of entries. */
export function processes() {
  const rows = [];
  for (const format of ['import', 'require']) {
    for (const [name, node] of NODES) rows.push([format, name, plain(name, [node], format)]);
    rows.push([format, 'Bun', plain('Bun', [BUN, 'run'], format)]);
    const deno = [DENO, 'run', '--allow-read', '--no-remote', '--node-modules-dir=manual'];
    rows.push([format, 'Deno', plain('Deno', deno, format)]);
  }
  for (const name of Object.keys(NODE_BUILDS)) {
    const inNode = bundled(name);
    for (const [runtime, node] of NODES) rows.push([name, runtime, inNode(node)]);
  }
  return rows;
}
