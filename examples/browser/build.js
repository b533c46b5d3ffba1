// Builds the page into a directory: one script, one style sheet, and a service
// worker with the list of all files.
//
// node build.js [DIRECTORY]
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = import.meta.dirname;
const target = process.argv[2] ?? join(here, 'dist');

const settings = {
  bundle: true, format: 'esm', legalComments: 'linked', logLevel: 'warning', minify: true, target: 'es2022',
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(here, 'public'), target, { recursive: true });
await build({
  ...settings,
  entryPoints: { app: join(here, 'src/main.js'), style: join(here, 'src/style.css') },
  outdir: target,
});

// Any change of a file gives the cache another name.
const files = readdirSync(target).sort();
const hash = createHash('sha256');
for (const file of files) hash.update(file).update(readFileSync(join(target, file)));
await build({
  ...settings,
  entryPoints: [join(here, 'src/sw.js')],
  outfile: join(target, 'sw.js'),
  format: 'iife',
  define: {
    FILES: JSON.stringify(['./', ...files.filter((file) => file !== 'index.html')]),
    VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)),
  },
});

for (const file of readdirSync(target)) {
  const bytes = readFileSync(join(target, file));
  console.log(`${file}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
}
