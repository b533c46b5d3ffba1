// workerd, from wrangler and from esbuild.
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { esm, withWorkerd } from '../workerd-run.js';
import { SOURCES, program } from './entries.js';
import { NODE_22, each, run, workplace, write } from './work.js';

const DATE = '2026-01-01';

/** A worker that runs the program of the entry that a path names. */
const worker = (entries) => `${entries.map(({ file }, at) => `import run${at} from './${file}.js';`).join('\n')}
const programs = { ${entries.map(({ file }, at) => `'/${file}': run${at}`).join(', ')} };
export default {
  async fetch({ url }) {
    const run = programs[new URL(url).pathname];
    return new Response(run && await run());
  },
};
`;

function prepared(entries, name) {
  const directory = workplace(name);
  for (const entry of entries) {
    write(directory, { [`${entry.file}.js`]: program(entry, SOURCES.imported) });
  }
  write(directory, { 'worker.js': worker(entries) });
  return directory;
}

/** Runs what was built in workerd, with its files of WebAssembly as modules. */
function served(entries, directory, script) {
  const modules = readdirSync(directory).filter((name) => name.endsWith('.wasm')).map((name) => {
    const path = relative(resolve(), join(directory, name));
    return `(name = "${name}", wasm = embed ${JSON.stringify(path)})`;
  });
  modules.unshift(esm('worker.js', relative(resolve(), join(directory, script))));
  const settings = `modules = [${modules}], compatibilityDate = "${DATE}",`;
  return withWorkerd(settings, [], (base) => each(entries, async ({ file }) => {
    const response = await fetch(`${base}/${file}`);
    return response.text();
  }));
}

async function wrangler(entries) {
  const directory = prepared(entries, 'wrangler');
  write(directory, {
    'wrangler.json': JSON.stringify({
      name: 'libmpass', main: 'worker.js', compatibility_date: DATE, send_metrics: false,
    }),
  });
  const options = ['deploy', '--dry-run', '--outdir', 'built'];
  const env = { WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: directory, XDG_CONFIG_HOME: directory };
  await run(NODE_22, [resolve('node_modules/wrangler/bin/wrangler.js'), ...options], directory, env);
  return served(entries, join(directory, 'built'), 'worker.js');
}

async function esbuild(entries) {
  const directory = prepared(entries, 'workerd');
  const outdir = join(directory, 'built');
  await build({
    entryPoints: [join(directory, 'worker.js')],
    bundle: true, format: 'esm', target: 'es2022', outdir, logLevel: 'error',
    conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' },
  });
  return served(entries, outdir, 'worker.js');
}

/** Rows of the table. */
export const workers = () => [
  ['wrangler', 'workerd', wrangler],
  ['esbuild, esm', 'workerd', esbuild],
];
