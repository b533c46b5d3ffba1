// What an entry costs a page: a program that uses it, bundled and minified by
// esbuild, module, glue and loader together. Prints a table, and fails above the
// budgets.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const KEY = "Secret.fromHex('3132333435363738393031323334353637383930')";

/**
 * Programs: what they need, their code, the most bytes with gzip, and the goal.
 * The budgets are what has been reached.
 */
const PROGRAMS = [
  ['libmpass/otp', 'Secret, Totp', `new Totp(${KEY}).generate()`, 45_000, 16_000],
  ['libmpass/oath', 'Ocra, Secret', `new Ocra(${KEY}, 'OCRA-1:HOTP-SHA1-6:QN08').suite`, 52_000, 24_000],
  ['libmpass', 'Secret, Totp', `new Totp(${KEY}).generate()`, Infinity, null],
];

/** The module of a package that is a file of its own, or a part of the script. */
const MODULES = {
  libmpass: join(dirname(require.resolve('libmpass/package.json')), 'glue/mpass_bg.wasm'),
  'libmpass/otp': require.resolve('libmpass/otp.wasm'),
  'libmpass/oath': require.resolve('libmpass/oath.wasm'),
};

/** The sizes of bytes: as they are, with gzip, with brotli. */
const sizes = (bytes) => [
  bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length,
];

async function bundled([name, imported, code]) {
  const { outputFiles: [{ contents }] } = await build({
    stdin: {
      contents: `import { ${imported} } from '${name}';\nglobalThis.code = ${code};\n`,
      resolveDir: '.',
    },
    bundle: true, format: 'esm', minify: true, write: false, logLevel: 'error',
  });
  const script = sizes(contents);
  if (name !== 'libmpass') return script;
  return sizes(readFileSync(MODULES[name])).map((size, at) => size + script[at]);
}

const grouped = (value) => value.toLocaleString('en');
console.log('| program | bytes | gzip | brotli | of it the module, gzip | goal, gzip |');
console.log('|---|---|---|---|---|---|');
for (const program of PROGRAMS) {
  const [name, , , budget, goal] = program;
  const [plain, gzip, brotli] = await bundled(program);
  const module = MODULES[name] ? grouped(sizes(readFileSync(MODULES[name]))[1]) : '';
  const row = [name, grouped(plain), grouped(gzip), grouped(brotli), module, goal ? grouped(goal) : ''];
  console.log(`| ${row.join(' | ')} |`);
  if (gzip > budget) {
    console.error(`${name}: ${gzip} bytes with gzip, ${budget} is the budget`);
    process.exitCode = 1;
  }
}
