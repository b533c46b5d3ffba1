// What an entry costs a page: a program that uses it, bundled and minified by
// esbuild, modules, glue and loader together. Prints a table, and fails above the
// budgets.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const KEY = "Secret.fromHex('3132333435363738393031323334353637383930')";

const SERVE = `serve(new Engine(Keyring.generate()), { method: 'GET', path: '/', peer: '::1' }, {
  store: new MemoryStore(9), deliver: async () => 'refused',
})`;

const URI = "KeyUri.parse('otpauth://totp/ACME:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ').totp().generate()";

/**
 * Programs: what they need, their code, the most bytes with gzip, and the goal.
 * The budgets are what has been reached.
 */
const PROGRAMS = [
  ['libmpass/otp', 'Secret, Totp', `new Totp(${KEY}).generate()`, 21_200, 16_000],
  ['libmpass/otp', 'KeyUri', URI, 38_400, 16_000],
  ['libmpass/oath', 'Ocra, Secret', `new Ocra(${KEY}, 'OCRA-1:HOTP-SHA1-6:QN08').suite`, 28_000, 24_000],
  ['libmpass/challenge', 'Challenge, Keyring, MemoryStore, Policy', `new Challenge(
    Keyring.generate(), new Policy(), { service: 'a', tenant: Uint8Array.of(1), subject: { account: 'b' } },
  ).issue(new MemoryStore(9))`, 92_400, 60_000],
  ['libmpass', 'Engine, Keyring, MemoryStore, serve', SERVE, 490_400, null],
  ['libmpass/login', 'Engine, Keyring, MemoryStore, serve', SERVE, 560_400, null],
];

/** The modules that a program compiles, which are a part of its script. */
async function modulesOf(script) {
  const { Module } = WebAssembly;
  const compiled = [];
  WebAssembly.Module = class extends Module {
    constructor(bytes) {
      super(bytes);
      compiled.push(Buffer.from(bytes));
    }
  };
  try {
    await import(`data:text/javascript;base64,${Buffer.from(script).toString('base64')}`);
  } finally {
    WebAssembly.Module = Module;
  }
  return Buffer.concat(compiled);
}

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
  return contents;
}

const grouped = (value) => value.toLocaleString('en');
console.log('| program | bytes | gzip | brotli | of it modules, gzip | goal, gzip |');
console.log('|---|---|---|---|---|---|');
for (const program of PROGRAMS) {
  const [entry, imported, , budget, goal] = program;
  const script = await bundled(program);
  const [plain, gzip, brotli] = sizes(script);
  const module = grouped(sizes(await modulesOf(script))[1]);
  const name = imported === 'KeyUri' ? `${entry}, key URI` : entry;
  const row = [name, grouped(plain), grouped(gzip), grouped(brotli), module, goal ? grouped(goal) : ''];
  console.log(`| ${row.join(' | ')} |`);
  if (gzip > budget) {
    console.error(`${name}: ${gzip} bytes with gzip, ${budget} is the budget`);
    process.exitCode = 1;
  }
}
