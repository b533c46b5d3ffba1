// Times the npm package and its start, compared with OTP libraries of npm and
// node:crypto. Writes the medians as lines of JSON, {"group","name","value",
// "unit"}, to the file in MPASS_BENCH_RESULTS or to standard output.
//
//   cargo xtask wasm                      # prints the package's directory
//   npm install --ignore-scripts          # in this directory
//   node --experimental-wasm-modules bench.js PACKAGE
//
// The flag lets Node load slauth, which imports its module as bundlers do.
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HOTP, Secret as PeerSecret } from 'otpauth';
import * as slauth from '@devolutions/slauth';

const SAMPLES = 25;
const SAMPLE_MS = 20;
const STARTS = 11;
const AHEAD = 100;
// RFC 4226 appendix D: the key and the codes of counters 0 to 9.
const KEY = Buffer.from('12345678901234567890');
const CODES = [
  '755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489',
];

const directory = resolve(process.argv[2] ?? '.');
const mpass = await import(pathToFileURL(join(directory, 'mpass/node.js')));

function median(values) {
  values.sort((a, b) => a - b);
  return values[values.length >> 1];
}

/** The median of the samples of one call, in nanoseconds. */
function timed(work) {
  const now = () => Number(process.hrtime.bigint());
  let n = 0;
  let sink = 0;
  const sample = (ms) => {
    const began = now();
    let calls = 0;
    do {
      for (let i = 0; i < 16; i += 1) sink ^= work((n += 1)) ? 1 : 0;
      calls += 16;
    } while (now() - began < ms * 1e6);
    return (now() - began) / calls;
  };
  // A warm-up long enough for V8 to optimise the module's functions.
  sample(50 * SAMPLE_MS);
  const value = median(Array.from({ length: SAMPLES }, () => sample(SAMPLE_MS)));
  if (sink > 1) throw new Error('unreachable');
  return value;
}

function record(group, name, value) {
  const line = `${JSON.stringify({ group, name, value: Number(value.toFixed(1)), unit: 'ns' })}\n`;
  const file = process.env.MPASS_BENCH_RESULTS;
  if (file) appendFileSync(file, line);
  else process.stdout.write(line);
}

// node:crypto needs the key in each call, because its Hmac cannot be reused.
const counterBytes = Buffer.alloc(8);
function nodeCrypto(counter) {
  counterBytes.writeUInt32BE(Math.floor(counter / 2 ** 32), 0);
  counterBytes.writeUInt32BE(counter >>> 0, 4);
  const mac = createHmac('sha1', KEY).update(counterBytes).digest();
  const value = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return (value % 1_000_000).toString().padStart(6, '0');
}

const ours = new mpass.Hotp(mpass.Secret.fromBytes(new Uint8Array(KEY)));
const otpauth = new HOTP({ secret: new PeerSecret({ buffer: new Uint8Array(KEY).buffer }) });
// slauth's Totp reads the clock; with steps this long it stays at step 0.
const LONG = 4_294_967_295;
const step0 = slauth.Totp.fromParts(
  'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', LONG, 6, slauth.OtpAlgorithm.sha1());

const GENERATE = {
  mpass: (counter) => ours.generate(counter),
  'mpass, as a number': (counter) => ours.generateValue(counter),
  otpauth: (counter) => otpauth.generate({ counter }),
  'node:crypto': nodeCrypto,
  '@devolutions/slauth': () => step0.generateCode(),
};

/** Checks all libraries against RFC 4226. */
function verify() {
  for (const [counter, code] of CODES.entries()) {
    for (const [name, generate] of Object.entries(GENERATE)) {
      const expected = name === '@devolutions/slauth' ? CODES[0] : code;
      if (String(generate(counter)).padStart(6, '0') !== expected) {
        throw new Error(`${name} is wrong at ${counter}`);
      }
    }
  }
  if (ours.verify(CODES[9], 1, 20) !== 9n) throw new Error('mpass does not find a code');
}

/** Checks every counter of the window, even after a match. */
function window(code, counter) {
  let found = false;
  for (let at = counter; at <= counter + AHEAD; at += 1) {
    found = nodeCrypto(at) === code || found;
  }
  return found;
}

function codes() {
  const group = 'hotp sha1, key prepared, in Node';
  for (const [name, generate] of Object.entries(GENERATE)) record(group, name, timed(generate));
  const values = new Uint32Array(1024);
  const range = timed((counter) => ours.generateRange(counter, values));
  record('batch of 1024, sha1, one key, in Node', 'mpass', range / 1024);
}

function lookAhead() {
  const group = `hotp look-ahead ${AHEAD}, wrong code, in Node`;
  // A wrong code in almost all windows.
  const wrong = '000000';
  record(group, 'mpass', timed((counter) => ours.verify(wrong, counter, AHEAD)));
  // otpauth's window is symmetric: half on each side for the same number of codes.
  const options = (counter) => ({ token: wrong, counter: counter + AHEAD, window: AHEAD / 2 });
  record(group, 'otpauth', timed((counter) => otpauth.validate(options(counter)) !== null));
  record(group, 'node:crypto', timed((counter) => window(wrong, counter)));
}

/** Starts the module once in a new process, because V8 caches compiled modules. */
const START = `
  import { readFileSync } from 'node:fs';
  const [directory] = process.argv.slice(-1);
  const { init, version } = await import(directory + '/mpass/init.js');
  const bytes = readFileSync(new URL(directory + '/mpass/mpass.wasm'));
  const began = process.hrtime.bigint();
  const module = new WebAssembly.Module(bytes);
  const compiled = process.hrtime.bigint();
  await init(module);
  version();
  const ready = process.hrtime.bigint();
  console.log(Number(compiled - began), Number(ready - compiled));
`;

function coldStart() {
  const started = Array.from({ length: STARTS }, () => {
    const url = pathToFileURL(directory).href;
    const program = ['--input-type=module', '-e', START, url];
    return execFileSync(process.execPath, program, { encoding: 'utf8' }).split(' ').map(Number);
  });
  for (const [at, name] of ['compile', 'instantiate'].entries()) {
    record('cold start, in Node', name, median(started.map((each) => each[at])));
  }
}

verify();
codes();
lookAhead();
coldStart();
