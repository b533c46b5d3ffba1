// What an entry costs a page: a program that uses it, bundled and minified by
// esbuild, module, glue and loader together. Prints a table, and fails above the
// budgets.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const KEY = "Secret.fromHex('3132333435363738393031323334353637383930')";

const SERVE = `serve(new Engine(Keyring.generate()), { method: 'GET', path: '/', peer: '::1' }, {
  store: new MemoryStore(9), deliver: async () => 'refused',
})`;

/**
 * Programs: what they need, their code, the most bytes with gzip, and the goal.
 * The budgets are what has been reached.
 */
const PROGRAMS = [
  ['libmpass/otp', 'Secret, Totp', `new Totp(${KEY}).generate()`, 32_300, 16_000],
  ['libmpass/oath', 'Ocra, Secret', `new Ocra(${KEY}, 'OCRA-1:HOTP-SHA1-6:QN08').suite`, 39_500, 24_000],
  ['libmpass/challenge', 'Challenge, Keyring, MemoryStore, Policy', `new Challenge(
    Keyring.generate(), new Policy(), { service: 'a', tenant: Uint8Array.of(1), subject: { account: 'b' } },
  ).issue(new MemoryStore(9))`, 92_400, 60_000],
  ['libmpass', 'Engine, Keyring, MemoryStore, serve', SERVE, 488_400, null],
  ['libmpass/login', 'Engine, Keyring, MemoryStore, serve', SERVE, 559_500, null],
];

/** The module of an entry, which is a part of the script. */
const moduleOf = (name) => require.resolve(`libmpass/${name.split('/')[1] ?? 'mpass'}.wasm`);

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
  return sizes(contents);
}

const grouped = (value) => value.toLocaleString('en');
console.log('| program | bytes | gzip | brotli | of it the module, gzip | goal, gzip |');
console.log('|---|---|---|---|---|---|');
for (const program of PROGRAMS) {
  const [name, , , budget, goal] = program;
  const [plain, gzip, brotli] = await bundled(program);
  const module = name.startsWith('libmpass')
    ? grouped(sizes(readFileSync(moduleOf(name)))[1])
    : '';
  const row = [name, grouped(plain), grouped(gzip), grouped(brotli), module, goal ? grouped(goal) : ''];
  console.log(`| ${row.join(' | ')} |`);
  if (gzip > budget) {
    console.error(`${name}: ${gzip} bytes with gzip, ${budget} is the budget`);
    process.exitCode = 1;
  }
}
