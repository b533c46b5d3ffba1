// How long a code takes with the entry `libmpass/otp` beside otpauth: the first one
// in a fresh process, and each one once warm. Prints ratios; asserts nothing.
import { execFileSync } from 'node:child_process';
import { TOTP, Secret as TheirSecret } from 'otpauth';
import { Secret, Totp } from 'libmpass/otp';

const KEY = '3132333435363738393031323334353637383930';
const [ROUNDS, CALLS, PROCESSES] = [5, 40_000, 9];

const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];

const OURS = `import { Secret, Totp } from 'libmpass/otp';
new Totp(Secret.fromHex('${KEY}')).generate(59);`;
const THEIRS = `import { Secret, TOTP } from 'otpauth';
new TOTP({ secret: Secret.fromHex('${KEY}') }).generate({ timestamp: 59000 });`;

/** Milliseconds of a process that runs a program. */
function spent(program) {
  const begin = performance.now();
  execFileSync(process.execPath, ['--input-type=module', '-e', program]);
  return performance.now() - begin;
}

/** Nanoseconds of a call. */
function call(use) {
  for (let n = 0; n < CALLS / 2; n += 1) use(n);
  const begin = performance.now();
  for (let n = 0; n < CALLS; n += 1) use(n);
  return (performance.now() - begin) * 1e6 / CALLS;
}

const totp = new Totp(Secret.fromHex(KEY));
const theirs = new TOTP({ secret: TheirSecret.fromHex(KEY) });
const code = totp.generate(59);
const warm = {
  'a code': [
    (n) => totp.generate(59 + 30 * n),
    (n) => theirs.generate({ timestamp: 1000 * (59 + 30 * n) }),
  ],
  'a check of three steps': [
    () => totp.verify(code, 59, 1, 1),
    () => theirs.validate({ token: code, timestamp: 59_000, window: 1 }),
  ],
};
const parts = Object.entries(warm).map(([name, [ours, other]]) => {
  const rounds = Array.from({ length: ROUNDS }, () => [call(ours), call(other)]);
  const [one, two] = [0, 1].map((at) => median(rounds.map((round) => round[at])));
  return `${name} ${Math.round(one)} ns, otpauth ${(two / one).toFixed(1)} times as long`;
});
const empty = median(Array.from({ length: PROCESSES }, () => spent('')));
const [one, two] = [OURS, THEIRS].map((program) =>
  median(Array.from({ length: PROCESSES }, () => spent(program))) - empty);
console.log(`speed in Node: ${parts.join('; ')}; the first code in a process ${
  one.toFixed(1)} ms, ${(one / two).toFixed(1)} times otpauth's`);
