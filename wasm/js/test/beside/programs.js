// The same three programs with libmpass and with other libraries, and their bundles.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const BASE32 = "'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'";
const URI = `'otpauth://totp/ACME:ann?secret=' + ${BASE32} + '&issuer=ACME'`;
/** slauth reads the clock; with steps this long it stays at step 0. */
const LONG = 4_294_967_295;

/** The tasks, and their results by RFC 4226 appendix D and RFC 6238. */
export const TASKS = ['one TOTP', 'verify in a window', 'key URI'];
const RESULTS = ['287082', true, '287082'];
const RESULTS_OF_STEP_0 = ['755224', undefined, '755224'];

const packaged = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);

/** slauth imports its module as a file that bundlers turn into a loader like this. */
const SLAUTH = {
  file: "import { readFileSync } from 'node:fs';\nconst module = new WebAssembly.Module(readFileSync(MODULE));",
  page: "const module = await WebAssembly.compileStreaming(fetch(new URL('slauth_bg.wasm', import.meta.url)));",
  workerd: "import module from './slauth_bg.wasm';",
};
const loaded = (how) => `
import * as slauth from '@devolutions/slauth/slauth_bg.js';
${SLAUTH[how].replace('MODULE', () => JSON.stringify(packaged('@devolutions/slauth', 'slauth_bg.wasm')))}
const { exports } = new WebAssembly.Instance(module, { './slauth_bg.js': slauth });
slauth.__wbg_set_wasm(exports);
exports.__wbindgen_start();
`;

/** Each library: its expressions for the tasks, what they need, and its separate module. */
export const LIBRARIES = [
  ...[['libmpass/otp', 'otp'], ['libmpass', 'mpass']].map(([name, entry]) => ({
    name,
    before: () => `import { KeyUri, Secret, Totp } from '${name}';`,
    tasks: [
      `new Totp(Secret.fromBase32(${BASE32})).generate(59)`,
      `new Totp(Secret.fromBase32(${BASE32})).verify('287082', 80, 1, 1) !== null`,
      `KeyUri.parse(${URI}).totp().generate(59)`,
    ],
    workerd: `./${entry}.wasm`,
    workerdModule: packaged('libmpass', `${entry}/${entry}.wasm`),
  })),
  {
    name: 'otpauth',
    before: () => "import { TOTP, URI } from 'otpauth';",
    tasks: [
      `new TOTP({ secret: ${BASE32} }).generate({ timestamp: 59000 })`,
      `new TOTP({ secret: ${BASE32} }).validate({ token: '287082', timestamp: 80000, window: 1 }) !== null`,
      `URI.parse(${URI}).generate({ timestamp: 59000 })`,
    ],
  },
  {
    name: 'otplib',
    before: (task) => (task === 2
      ? "import { generateSync } from 'otplib';\nimport { parse } from '@otplib/uri';"
      : "import { generateSync, verifySync } from 'otplib';"),
    tasks: [
      `generateSync({ secret: ${BASE32}, epoch: 59 })`,
      `verifySync({ secret: ${BASE32}, token: '287082', epoch: 80, epochTolerance: 30 }).valid`,
      `generateSync({ secret: parse(${URI}).params.secret, epoch: 59 })`,
    ],
  },
  {
    name: '@devolutions/slauth',
    before: (_, how) => loaded(how),
    tasks: [
      `slauth.Totp.fromParts(${BASE32}, ${LONG}, 6, slauth.OtpAlgorithm.sha1()).generateCode()`,
      null, // It has no verification.
      `slauth.Totp.fromUri(${URI} + '&period=${LONG}').generateCode()`,
    ],
    results: RESULTS_OF_STEP_0,
    module: packaged('@devolutions/slauth', 'slauth_bg.wasm'),
    workerd: './slauth_bg.wasm',
    workerdModule: packaged('@devolutions/slauth', 'slauth_bg.wasm'),
  },
];

/** What a task returns with a library. */
export const expected = (library, task) => (library.results ?? RESULTS)[task];

/**
 * The program of a task, which leaves its result in a global variable: for a `page`,
 * for `workerd`, or for Node, where the module is a `file`. `null` without the task.
 */
export function program(library, task, how = 'page') {
  const code = library.tasks[task];
  return code && `${library.before(task, how)}\nglobalThis.result = ${code};\n`;
}

/** A program bundled and minified by esbuild. */
export async function bundled(code, settings = {}) {
  const { outputFiles: [{ contents }] } = await build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true, format: 'esm', minify: true, write: false, logLevel: 'error',
    ...settings,
  });
  return contents;
}

/** The module of a library that is a file of its own. */
export const moduleOf = ({ module }) => (module ? readFileSync(module) : Buffer.alloc(0));
