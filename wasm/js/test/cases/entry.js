// The cases of an entry, for any runtime: the vectors of what it has, and what differs
// from the other entries.
import { equal, ok, rejects, throws } from './assert.js';
import header from './header.js';
import inStore from './in-store.js';
import { ofChallenges, ofCodes, ofOcra } from './named.js';
import state from './state.js';
import vectorCases from './vectors.js';

const FILES = {
  otp: ['hotp', 'key-uri', 'key-uri-peers', 'totp', 'totp-wrong', 'typed-code'],
  oath: ['ocra', 'ocra-more', 'ocra-suites'],
  challenge: ['in-store', 'keyring', 'number-hash', 'number-parse', 'store-header', 'subject'],
};
const LEVELS = Object.keys(FILES);

/** Whether an entry has what another has; the entries with contracts have all. */
const has = (entry, other) => !LEVELS.includes(entry) || LEVELS.indexOf(entry) >= LEVELS.indexOf(other);

/** What an entry is imported by. */
export const nameOf = (entry) => (entry === 'mpass' ? 'libmpass' : `libmpass/${entry}`);
const KEY = '3132333435363738393031323334353637383930';

/** Calls that are refused, each with the name of its error. */
export const refusals = ({ Hotp, KeyUri, Secret, Totp }) => {
  const secret = Secret.fromHex(KEY);
  const uri = 'otpauth://totp/ACME:ann?secret=gezdgnbvgy3tqojqgezdgnbvgy3tqojq&issuer=AC%20ME';
  return [
    ['Base32Digit', () => Secret.fromBase32('JBSWY3DP\nEHPK3P0P')],
    ['Base32Digit', () => Secret.fromBase32('JBSWY3DPEHPK3PX1')],
    ['Base32Digit', () => Secret.fromBase32('JBSWY3DPEHPK3P8P')],
    ['Base32Digit', () => Secret.fromBase32('JBSWY3DPEHPK3P9P')],
    ['InvalidBase32', () => Secret.fromBase32('JBSW_Y3DP')],
    ['InvalidBase32', () => Secret.fromBase32('A')],
    ['InvalidHex', () => Secret.fromHex('00ff\n 1O')],
    ['SecretEmpty', () => Secret.fromHex('')],
    ['SecretTooLong', () => Secret.fromBytes(new Uint8Array(1025))],
    ['SecretTooShort', () => new Hotp(Secret.fromHex('3132'))],
    ['InvalidDigits', () => new Hotp(secret, { digits: 11 })],
    ['InvalidAlgorithm', () => new Totp(secret, { algorithm: 'MD5' })],
    ['InvalidStep', () => new Totp(secret, { step: 0 })],
    ['WindowTooLarge', () => new Hotp(secret).resynchronize(['1', '2'], 0, 100_001)],
    ['ResyncCodes', () => new Hotp(secret).resynchronize(['755224'], 0, 9)],
    ['TimeOutOfRange', () => new Totp(secret, { t0: 60 }).generate(59)],
    ['TimeInMilliseconds', () => new Totp(secret).generate(1_800_000_000_000)],
    ['UriNotStrict', () => KeyUri.parse(uri, { strict: true })],
    ['UriWithoutSecret', () => KeyUri.parse('otpauth://totp/a')],
    ['UriType', () => KeyUri.parse('otpauth://steam/a?secret=GEZDGNBV')],
    ['InvalidLabel', () => KeyUri.write(secret, { account: '' })],
    ['TypeError', () => new Totp(secret).generate('59')],
    ['TypeError', () => new Totp(KEY)],
    ['RangeError', () => new Totp(secret).generate(-1)],
  ];
};

/** The cases of challenges, tokens and stores; those of lanes need a module with them. */
const challenges = (mpass) => Object.fromEntries(
  Object.entries({ ...header(mpass), ...inStore(mpass), ...state(mpass) })
    .filter(([name]) => name !== 'oath: lanes compute what single codes are'));

export function entryCases(entry, mpass, vectors) {
  const { Hotp, KeyUri, Secret, Totp } = mpass;
  const names = LEVELS.filter((level) => has(entry, level)).flatMap((level) => FILES[level]);
  const had = Object.fromEntries(names.map((name) => [`${name}.json`, vectors[`${name}.json`]]));
  return {
    ...vectorCases(mpass, had),
    ...(entry === 'challenge' ? challenges(mpass) : {}),
    ...ofCodes(mpass),
    ...(has(entry, 'oath') ? ofOcra(mpass) : {}),
    ...(has(entry, 'challenge') ? ofChallenges(mpass) : {}),

    'refusals have the names of the whole package': () => {
      const list = refusals(mpass);
      for (const [name, use] of list) throws(use, name);
      return list.length;
    },

    'a code without a time is the one of now': () => {
      const totp = new Totp(Secret.fromHex(KEY));
      const before = totp.timeStep();
      const code = totp.generate();
      ok([before, totp.timeStep()].some((step) => totp.generateStep(step) === code));
      ok(totp.verify(code) !== null && totp.remainingSeconds() <= 30);
    },

    'a range of codes, to the last counter': () => {
      const hotp = new Hotp(Secret.fromHex(KEY));
      const values = new Uint32Array(25_000);
      equal(hotp.generateRange(0, values), values.length);
      for (const at of [0, 9999, 10_000, 24_999]) equal(values[at], hotp.generateValue(at));
      const last = (1n << 64n) - 1n;
      equal(hotp.generateRange(last - 2n, values.fill(0)), 3);
      equal([values[2], values[3]], [hotp.generateValue(last), 0]);
    },

    'secrets are made and written': () => {
      const secret = Secret.generate('SHA256');
      equal(secret.expose().length, 32);
      const uri = KeyUri.write(secret, { account: 'ann', issuer: 'ACME' });
      equal(KeyUri.parse(uri.expose()).secret().exposeHex(), secret.exposeHex());
    },

    'a refused setting is named with its range': () => {
      if (!has(entry, 'challenge')) return;
      const refused = (settings, name) => throws(() => new mpass.Policy(settings), name).message;
      ok(/^tries: .*1 to 100/.test(refused({ tries: 101 }, 'InvalidTries')));
      const { message } = throws(() => new mpass.Policy({ digits: 5 }), 'PolicyTooWeak');
      ok(!/[a-z]_[a-z]/.test(message), message);
      ok(/allowWeak/.test(refused({ digits: 11 }, 'InvalidDigits')));
      ok(/^lockMs: .*at most 31 days/.test(refused({ lockMs: 1e12 }, 'InvalidLimit')));
    },

    async 'a memory store keeps the rules of stores'() {
      if (!has(entry, 'challenge')) return;
      await mpass.probe(new mpass.MemoryStore(10_000), { parallel: 8, rounds: 2 });
      const store = new mpass.MemoryStore(3);
      const value = Uint8Array.of(1);
      const put = (kind, first, expiresAtMs, nowMs, length = 1) => store.swap(
        { kind, key: new Uint8Array(16).fill(first), value: new Uint8Array(length), expiresAtMs }, nowMs);
      equal(await put('state', 1, 100, 5), { stored: true });
      equal(await put('state', 2, null, 5), { stored: true });
      equal(await put('document', 3, 200, 5), { stored: true });
      await rejects(put('state', 4, 900, 99), 'StoreFull');
      equal(store.size, 3);
      // The expired one makes room, and is not stored anew.
      equal(await put('state', 4, 900, 100), { stored: true });
      equal([await put('state', 1, 100, 6), store.size], [{ stored: false, expired: true }, 3]);
      equal(await store.swap({ kind: 'state', key: new Uint8Array(16).fill(2), expected: value, value }, 6),
        { stored: false, current: Uint8Array.of(0) });
      await rejects(new mpass.MemoryStore(1).swap(
        { kind: 'state', key: new Uint8Array(16), value: new Uint8Array(97) }, 0), 'StoreFailed');
      const many = new mpass.MemoryStore(10_000);
      for (let n = 0; n < 3000; n += 1) {
        const key = new Uint8Array(16);
        new DataView(key.buffer).setUint32(0, n);
        await many.swap({ kind: 'state', key, value, expiresAtMs: n + 10 }, n);
      }
      ok(many.size < 30, `${many.size}`);
    },

    'freed objects are refused': () => {
      const secret = Secret.fromHex(KEY);
      if (Symbol.dispose) secret[Symbol.dispose]();
      secret.free();
      throws(() => secret.expose(), 'TypeError');
    },
  };
}

/** Runs all of them and returns their results. */
export async function entryReport(entry, mpass, vectors) {
  const results = [];
  for (const [name, run] of Object.entries(entryCases(entry, mpass, vectors))) {
    try {
      await run();
      results.push({ name, passed: true });
    } catch (error) {
      results.push({ name, passed: false, message: `${error.stack ?? error}` });
    }
  }
  return results;
}
