// Bundlers that several rows of the table use, with several programs in one build.
import { join } from 'node:path';
import { build } from 'vite';
import webpack from 'webpack';

/** Builds with webpack, each main file to a bundle of its own. */
export async function compiled(entries, directory, settings) {
  const compiler = webpack({
    mode: 'production',
    context: directory,
    // Entries with contracts are above its limit for a page.
    performance: { hints: false },
    entry: Object.fromEntries(entries.map(({ file }) => [file, `./main-${file}.js`])),
    ...settings,
  });
  const stats = await new Promise((done, failed) => {
    compiler.run((error, result) => (error ? failed(error) : done(result)));
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
}

/** Builds with Vite, each main file to a bundle of its own. */
export async function vite(entries, directory, { build: { rollupOptions, ...more }, ...settings }) {
  const input = Object.fromEntries(
    entries.map(({ file }) => [file, join(directory, `main-${file}.js`)]));
  await build({
    root: directory,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: { emptyOutDir: false, outDir: '.', rollupOptions: { input, ...rollupOptions }, ...more },
    ...settings,
  });
}
