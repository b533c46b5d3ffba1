// An extension of Chromium: its pages and its service worker.
import { build } from 'esbuild';
import { document, launch } from '../page.js';
import { SOURCES, program } from './entries.js';
import { each, workplace, write } from './work.js';

/** What the manifest must allow for WebAssembly; by default, it is not. */
const POLICY = { extension_pages: "script-src 'self' 'wasm-unsafe-eval'" };

/** Builds an extension that has the programs of entries, with a policy or none. */
async function extension(entries, policy) {
  const directory = workplace(policy ? 'extension' : 'extension without a policy');
  const runs = entries.map(({ name, file }, at) => {
    write(directory, {
      [`${file}.html`]: document(`<script type="module" src="./main-${file}.out.js"></script>`),
      [`main-${file}.js`]: `import run from './${file}.js';\nglobalThis.answer = run();\n`,
    });
    return [`import run${at} from './${file}.js';`, `${JSON.stringify(name)}: run${at}`];
  });
  for (const entry of entries) {
    write(directory, { [`${entry.file}.js`]: program(entry, SOURCES.fetched) });
  }
  write(directory, {
    'background.js': `${runs.map(([line]) => line).join('\n')}
globalThis.programs = { ${runs.map(([, member]) => member).join(', ')} };\n`,
    'manifest.json': JSON.stringify({
      manifest_version: 3,
      name: 'libmpass',
      version: '1',
      background: { service_worker: 'background.out.js', type: 'module' },
      ...(policy && { content_security_policy: policy }),
    }),
  });
  const names = ['background', ...entries.map(({ file }) => `main-${file}`)];
  await build({
    entryPoints: names.map((name) => ({ in: `${directory}/${name}.js`, out: `${name}.out` })),
    bundle: true, format: 'esm', minify: true, target: 'es2022', outdir: directory,
    publicPath: '.', loader: { '.wasm': 'file' }, logLevel: 'error',
  });
  return directory;
}

/** Runs an extension in a browser of its own. */
async function loaded(directory, work) {
  const { context, close } = await launch([
    `--disable-extensions-except=${directory}`, `--load-extension=${directory}`,
  ]);
  try {
    const background = context.serviceWorkers()[0]
      ?? await context.waitForEvent('serviceworker', { timeout: 60_000 });
    return await work(context, background);
  } finally {
    await close();
  }
}

/** The results of entries in an extension, where `open` opens a page. */
export async function inExtension(entries, open) {
  return loaded(await extension(entries, POLICY), (context, background) =>
    each(entries, async ({ file, name }) => {
      const page = await open(context, new URL(`${file}.html`, background.url()).href);
      const behind = await background.evaluate((key) => globalThis.programs[key](), name);
      return page === behind ? page : `${page} on a page, ${behind} in the service worker`;
    }));
}

/** What an extension without a policy of its own gets: messages of errors. */
export async function refusedInExtension(entries) {
  return loaded(await extension(entries), (_, background) => each(entries, ({ name }) =>
    background.evaluate((key) => globalThis.programs[key]().catch(({ message }) => message), name)));
}
