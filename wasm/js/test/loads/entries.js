// The entries of the package, each with a program of a few lines. Adding one is one
// line of ENTRIES.

const KEY = "Secret.fromHex('3132333435363738393031323334353637383930')";
/** The code of RFC 6238, appendix B, and a secret that needs entropy. */
const TOTP = `const secret = Secret.generate();
  return \`\${new Totp(${KEY}, { digits: 8 }).generate(59)} \${secret.expose().length}\`;`;
/**
 * The response of RFC 6287, appendix C.1, and a question that needs entropy. The secret is
 * that of a key URI, which a page has a second module for.
 */
const URI = "'otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'";
const OCRA = `const ocra = new Ocra(KeyUri.parse(${URI}).secret(), 'OCRA-1:HOTP-SHA1-6:QN08');
  return \`\${ocra.respond({ question: '00000000' })} \${ocra.generateQuestion().length}\`;`;

/** A challenge whose code is right. */
const CHALLENGE = `const [keyring, store] = [Keyring.generate(), new MemoryStore(100)];
  const { restoredAtMs } = await initializeStore(keyring, store);
  const of = { service: 'login', tenant: Uint8Array.of(1), subject: { number: '+966500000000' } };
  const challenge = new Challenge(keyring, new Policy(), of, { restoredAtMs });
  const { issued } = await challenge.issue(store);
  return challenge.attempt(store, issued.code);`;
const CHALLENGES = 'Challenge, Keyring, MemoryStore, Policy, initializeStore';
/** A reply of a contract, to a channel that does not exist, and the login's description. */
const SERVE = (settings, path, member) => `const keyring = Keyring.generate();
  const engine = new Engine(keyring, ${settings});
  const request = { method: 'GET', path: '${path}', query: 'apikey=none', peer: '127.0.0.1' };
  const host = { store: new MemoryStore(100), deliver: async () => 'delivered' };
  const { body } = await serve(engine, request, host);
  return JSON.parse(new TextDecoder().decode(body)).${member};`;
const CONTRACT = SERVE('{}', '/mpass-web/rest/mv/msg', 'status');
const LOGIN = SERVE("{ issuer: 'https://shop.example' }", '/.well-known/openid-configuration', 'issuer');
const SERVES = 'Engine, Keyring, MemoryStore, serve';

/**
 * An entry: its name, what the program imports of it, the body of the program, and
 * what that returns. An entry without a module of its own is passed the one that is
 * named last, which each bundler and runtime has a way to load.
 */
export const ENTRIES = [
  ['libmpass/otp', 'Secret, Totp', TOTP, '94287082 20'],
  ['libmpass/oath', 'KeyUri, Ocra', OCRA, '237653 8'],
  ['libmpass/challenge', CHALLENGES, CHALLENGE, 'Accept'],
  ['libmpass', SERVES, CONTRACT, '2'],
  ['libmpass/login', SERVES, LOGIN, 'https://shop.example'],
  ['libmpass/inline', SERVES, CONTRACT, '2'],
  ['libmpass/init', `${SERVES}, init`, `await init(SOURCE);\n  ${CONTRACT}`, '2', 'libmpass/mpass.wasm'],
  ['libmpass/otp/init', 'Secret, Totp, init', `await init(SOURCE);\n  ${TOTP}`, '94287082 20',
    'libmpass/otp.wasm'],
].map(([name, imported, body, result, module]) => ({
  name, imported, body, result, module, file: name.replaceAll('/', '-'),
}));

const READ = "import { readFile } from 'node:fs/promises';";
const last = (module) => module.split('/').at(-1);

/** How programs get a module where they run: what they import for it, and the value. */
export const SOURCES = {
  // Bundled as a file, whose address a page fetches and Node.js reads.
  asset: (module) => ['', `fetch(new URL('${module}', import.meta.url))`],
  assetFile: (module) => [
    `${READ}\nimport { fileURLToPath } from 'node:url';`,
    `readFile(fileURLToPath(new URL('${module}', import.meta.url).href))`,
  ],
  // Copied to the bundle, by a bundler that does not do so.
  beside: (module) => ['', `fetch(new URL('${last(module)}', import.meta.url))`],
  besideFile: (module) => [READ, `readFile(new URL('${last(module)}', import.meta.url))`],
  fetched: (module) => [`import source from '${module}';`, 'fetch(source)'],
  cwd: (file) => [READ, `readFile('${file}')`],
  compiled: (module) => [`import source from '${module}?module';`, 'source'],
  // A loader for files ending in .wasm has it as bytes, or as a compiled module.
  imported: (module) => [`import source from '${module}';`, 'source'],
  // Found in the installed package.
  required: (module) => [
    "const { readFileSync } = require('node:fs');", `readFileSync(require.resolve('${module}'))`,
  ],
  resolved: (module) => [READ, `readFile(new URL(import.meta.resolve('${module}')))`],
  url: (module, how = 'url') => [`import source from '${module}?${how}';`, 'fetch(source)'],
};

/** The program of an entry, which exports a function with its result. */
export function program({ name, imported, body, module }, source, isCommon = false) {
  const [before, value] = module ? source(module) : ['', ''];
  const [entry, exported] = isCommon
    ? [`const { ${imported} } = require('${name}');`, 'module.exports =']
    : [`import { ${imported} } from '${name}';`, 'export default'];
  const code = body.replace('SOURCE', value);
  return `${entry}\n${before}\n${exported} async () => {\n  ${code}\n};\n`;
}
