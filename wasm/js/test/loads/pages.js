// Chromium: pages, workers, service workers and an extension.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { createServer } from 'vite';
import { document, launch, serve } from '../page.js';
import { compiled, vite } from './bundlers.js';
import { SOURCES, program } from './entries.js';
import { inExtension } from './extension.js';
import { beside, each, workplace, write } from './work.js';

const TIMEOUT = 60_000;

/** What the main files do with the result of `run`. */
const ON_PAGE = 'globalThis.answer = run();';
const IN_WORKER = 'run().then(postMessage, (error) => postMessage(`${error.stack}`));';
const IN_SERVICE_WORKER = `addEventListener('message', ({ ports: [port] }) => {
  run().then((value) => port.postMessage(value), (error) => port.postMessage(error.stack));
});`;

/** Opens a page that keeps its result in the global variable `answer`. */
async function opened(context, address) {
  const page = await context.newPage();
  try {
    const failed = new Promise((_, reject) => { page.on('pageerror', reject); });
    await Promise.race([failed, page.goto(address)]);
    const answered = page.waitForFunction(() => globalThis.answer, null, { timeout: TIMEOUT });
    return await (await Promise.race([failed, answered])).jsonValue();
  } finally {
    await page.close();
  }
}

/** Evaluates a function with an argument on an empty page. */
async function evaluated(context, base, work, argument) {
  const page = await context.newPage();
  try {
    await page.goto(base);
    return await page.evaluate(work, argument);
  } finally {
    await page.close();
  }
}

const startWorker = ([script, type]) => new Promise((done) => {
  const worker = new Worker(script, { type });
  worker.onmessage = ({ data }) => done(data);
  worker.onerror = ({ message }) => done(`the worker failed: ${message}`);
});

async function startServiceWorker([script, type]) {
  // A scope of its own: another worker of the same scope would replace this one.
  const { installing } = await navigator.serviceWorker.register(script, { type, scope: `${script}-` });
  await new Promise((done, failed) => {
    installing.onstatechange = () => {
      if (installing.state === 'activated') done();
      if (installing.state === 'redundant') failed(new Error('the service worker was refused'));
    };
  });
  const { port1, port2 } = new MessageChannel();
  const reply = new Promise((done) => { port1.onmessage = ({ data }) => done(data); });
  installing.postMessage(null, [port2]);
  return reply;
}

const html = (script) => document(`<body>${script}`);
const moduleScript = (file) => html(`<script type="module" src="./${file}"></script>`);
const classicScript = (file) => html(`<script src="./${file}"></script>`);

/** An import map with the entries of the installed package. */
function importMap() {
  const directory = '/node_modules/libmpass';
  const { exports } = JSON.parse(readFileSync(`.${directory}/package.json`, 'utf8'));
  const imports = Object.entries(exports).flatMap(([path, target]) => (
    target.import ? [[join('libmpass', path), join(directory, target.import.default)]] : []));
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}

/** Writes the programs of entries and their main files. */
function prepared(entries, directory, source, main) {
  for (const entry of entries) {
    write(directory, {
      [`${entry.file}.js`]: program(entry, source),
      [`main-${entry.file}.js`]: `import run from './${entry.file}.js';\n${main}\n`,
    });
    beside(directory, entry);
  }
}

/** Whether the programs read key URIs, by the names of their entries. */
const WITH_URIS = { 'libmpass/otp': false, 'libmpass/oath': true };

/** Checks that a bundle has the module of key URIs only where the program reads them. */
function checkUris({ name, file }, directory) {
  const bundle = join(directory, `${file}.out.js`);
  if (!(name in WITH_URIS) || !existsSync(bundle)) return;
  // The first long text of the script.
  const script = readFileSync(`node_modules/${name}/inline.js`, 'utf8');
  const [text] = script.match(/(?<=")[^"]{20000,}(?=")/);
  if (readFileSync(bundle, 'utf8').includes(text) !== WITH_URIS[name]) {
    throw new Error(`the module of key URIs ${WITH_URIS[name] ? 'is missing' : 'was not left out'}`);
  }
}

const BUILDS = {
  esbuild: (entries, directory, format = 'esm') => build({
    entryPoints: entries.map(({ file }) => ({
      in: join(directory, `main-${file}.js`), out: `${file}.out`,
    })),
    bundle: true, format, minify: true, target: 'es2022', outdir: directory, publicPath: '.',
    loader: { '.wasm': format === 'esm' ? 'file' : 'binary' }, logLevel: 'error',
  }),

  async rollup(entries, directory) {
    for (const { file } of entries) {
      const made = await rollup({
        input: join(directory, `main-${file}.js`),
        plugins: [nodeResolve({ browser: true })],
        logLevel: 'silent',
      });
      await made.write({ file: join(directory, `${file}.out.js`), format: 'es' });
    }
  },

  webpack: (entries, directory) => compiled(entries, directory, {
    output: { path: directory, filename: '[name].out.js', publicPath: 'auto' },
  }),

  vite: (entries, directory) => vite(entries, directory, {
    build: { rollupOptions: { output: { entryFileNames: '[name].out.js' } } },
  }),
};

/** Rows of the table, for a browser and a server of the directory of the project. */
export function pages() {
  let started;
  const browser = () => {
    started ??= Promise.all([launch(), serve({ '/': ['html', html('')] })]);
    return started;
  };
  const rows = [];
  const add = (bundler, runtime, source, main, make, load) => {
    const directory = workplace(`page ${bundler} ${runtime}`);
    rows.push([bundler, `Chromium, ${runtime}`, async (entries) => {
      const [{ context }, { base }] = await browser();
      prepared(entries, directory, source, main);
      await make(entries, directory);
      const address = `${base}/${relative(resolve(), directory)}`;
      return each(entries, (entry) => {
        checkUris(entry, directory);
        return load(context, address, entry.file, directory);
      });
    }]);
  };

  /** Loads a bundle with an element of a page. */
  const page = (script) => (context, address, file, directory) => {
    write(directory, { [`${file}.html`]: script(`${file}.out.js`) });
    return opened(context, `${address}/${file}.html`);
  };
  /** Loads a bundle with a function of an empty page. */
  const worker = (start, type) => (context, address, file) =>
    evaluated(context, new URL('/', address).href, start, [`${address}/${file}.out.js`, type]);
  const { esbuild } = BUILDS;
  const iife = (entries, directory) => esbuild(entries, directory, 'iife');

  const map = (name) => html(`<script type="importmap" nonce="map">${importMap()}</script>
<script type="module" src="./main-${name.replace('.out', '')}"></script>`);
  const { beside: copied, asset, fetched, imported, url } = SOURCES;
  add('import map', 'a page', copied, ON_PAGE, () => {}, page(map));
  add('esbuild, esm', 'a page', fetched, ON_PAGE, esbuild, page(moduleScript));
  add('esbuild, iife', 'a classic script', imported, ON_PAGE, iife, page(classicScript));
  add('esbuild, esm', 'a worker', fetched, IN_WORKER, esbuild, worker(startWorker, 'module'));
  add('esbuild, iife', 'a worker', imported, IN_WORKER, iife, worker(startWorker, 'classic'));
  add('esbuild, esm', 'a service worker', fetched, IN_SERVICE_WORKER, esbuild,
    worker(startServiceWorker, 'module'));
  add('esbuild, iife', 'a service worker', imported, IN_SERVICE_WORKER, iife,
    worker(startServiceWorker, 'classic'));
  add('rollup', 'a page', copied, ON_PAGE, BUILDS.rollup, page(moduleScript));
  add('webpack', 'a page', asset, ON_PAGE, BUILDS.webpack, page(classicScript));
  add('Vite, build', 'a page', url, ON_PAGE, BUILDS.vite, page(moduleScript));
  rows.push(['Vite, dev server', 'Chromium, a page', (entries) => developed(entries, browser)]);
  rows.push(['esbuild, esm', 'Chromium, an extension', (entries) => inExtension(entries, opened)]);

  const close = async () => {
    if (!started) return;
    const [{ close: quit }, served] = await started;
    await quit();
    served.close();
  };
  const open = async (address) => opened((await browser())[0].context, address);
  return { rows, close, opened: open };
}

/** Pages of Vite's development server. */
async function developed(entries, browser) {
  const directory = workplace('vite dev');
  prepared(entries, directory, SOURCES.url, ON_PAGE);
  for (const { file } of entries) write(directory, { [`${file}.html`]: moduleScript(`main-${file}.js`) });
  const server = await createServer({
    root: directory, configFile: false, logLevel: 'error', cacheDir: join(directory, 'cache'),
    server: { host: '127.0.0.1', port: 0, hmr: false, ws: false, fs: { allow: [resolve()] } },
  });
  try {
    await server.listen();
    const { port } = server.httpServer.address();
    const [{ context }] = await browser();
    return await each(entries, ({ file }) => opened(context, `http://127.0.0.1:${port}/${file}.html`));
  } finally {
    await server.close();
  }
}
