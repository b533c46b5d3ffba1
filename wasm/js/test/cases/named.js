// Mistakes whose errors name the argument that is meant, by the levels of entries.
import { equal, ok, rejects, throws } from './assert.js';

const KEY = '3132333435363738393031323334353637383930';
const QUESTION = '12345678';
/** Times in seconds, which a clock in milliseconds has in January to August of 1970 alone. */
const SECONDS = [1_000_000_000, 1_795_348_800, 1_700_000_000.5, 20_000_000_000n];

/** The message of an error in the words of libmpass, with a beginning. */
function begins(error, words) {
  ok(error.message.startsWith(words), `${error.message} does not begin with ${words}`);
}

/** Of every entry: windows and key URIs. */
export const ofCodes = ({ Hotp, KeyUri, Secret, Totp }) => ({
  'a window that is not searched in full is refused': () => {
    const secret = Secret.fromHex(KEY);
    const [hotp, totp] = [new Hotp(secret), new Totp(secret)];
    equal(hotp.verify('755224', 0, 99_999), 0n);
    equal(totp.verify('755224', 0, 50_000, 50_000), 0n);
    equal(totp.verifySteps('755224', 0, 100_000), 0n);
    const refused = [
      [() => hotp.verify('755224', 0, 100_000), 'the look-ahead is above 99999'],
      [() => totp.verify('755224', 0, 50_001), 'past is above 50000'],
      [() => totp.verify('755224', 0, 0, 50_001), 'future is above 50000'],
      [() => totp.verifySteps('755224', 0, 100_001), 'the count is above 100000'],
    ];
    for (const [call, message] of refused) equal(throws(call, 'WindowTooLarge').message, message);
  },

  'a key URI generates its codes': () => {
    const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    // RFC 6238 appendix B has the first 8 digits; RFC 4226 appendix D the code of counter 1.
    const uri = KeyUri.parse(`otpauth://totp/ACME:ann?secret=${base32}&digits=8&period=60`);
    equal(uri.totp().generate(119), '94287082');
    const hotp = KeyUri.parse(`otpauth://hotp/ACME:ann?secret=${base32}&counter=1`);
    equal(hotp.hotp().generate(hotp.facts().counter), '287082');
    equal(uri.totp().verify('94287082', 119, 0), 1n);
    const { message } = throws(() => hotp.totp(), 'TypeError');
    equal(message, 'the key URI is for hotp: use hotp()');
    throws(() => uri.hotp(), 'TypeError');
    throws(() => uri.totp({ digits: 6 }), 'TypeError');
    const short = KeyUri.parse('otpauth://totp/ACME:ann?secret=GEZDGNBVGY3TQOJQ');
    throws(() => short.totp(), 'SecretTooShort');
    equal(short.totp({ allowShort: true }).generate(59).length, 6);
    // It outlives the URI.
    const totp = uri.totp();
    uri.free();
    equal(totp.generate(119), '94287082');
    throws(() => uri.totp(), 'TypeError');
  },
});

/** Of entries with OCRA. */
export const ofOcra = ({ Ocra, Secret }) => ({
  'an input of OCRA that is missing or not used is named': () => {
    const secret = Secret.fromHex(KEY);
    const inputs = {
      question: QUESTION, counter: 0, pin: '1234', session: new Uint8Array(64), timeStep: 0,
    };
    const all = new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:C-QN08-PSHA1-S064-T1M');
    equal(all.respond(inputs).length, 6);
    const names = {
      counter: 'counter', pin: 'pin or pinHash', session: 'session', timeStep: 'unixSeconds or timeStep',
    };
    const none = new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08');
    for (const [input, name] of Object.entries(names)) {
      const { [input]: given, ...others } = inputs;
      for (const use of [() => all.respond(others), () => all.verify('000000', others)]) {
        const { message } = throws(use, 'MissingInput');
        ok(message.endsWith(`: ${name}`), message);
      }
      const { message } = throws(
        () => none.respond({ question: QUESTION, [input]: given }), 'UnexpectedInput');
      ok(message.endsWith(`: ${input}`), message);
    }
  },
});

/** Calls of challenges, tokens and stores with a time, by the name of the argument. */
function calls(mpass, keyring, store) {
  const { Challenge, Ocra, Policy, Secret, Token, Totp } = mpass;
  const binding = { service: 'a', tenant: Uint8Array.of(1), subject: { account: 'ann' } };
  const challenge = new Challenge(keyring, new Policy(), binding);
  const token = new Token(keyring, Uint8Array.of(1), Uint8Array.of(2));
  const totp = new Totp(Secret.fromHex(KEY));
  const swap = { kind: 'state', key: new Uint8Array(16), value: new Uint8Array(1) };
  const ocra = new Ocra(Secret.fromHex(KEY), 'OCRA-1:HOTP-SHA1-6:QN08');
  return {
    'nowMs, the time of an operation on a record,': [
      (time) => challenge.issue(null, time),
      (time) => challenge.attempt(null, '123456', time),
      (time) => challenge.unlock(null, time),
      (time) => token.enroll(0, time),
      (time) => token.attemptTotp(null, totp, '123456', time),
      (time) => token.attemptOcra(null, ocra, { question: QUESTION }, '123456', time),
      (time) => token.status(null, time),
    ],
    nowMs: [
      (time) => store.swap(swap, time),
      (time) => mpass.probe(store, { nowMs: time }),
    ],
    expiresAtMs: [(time) => store.swap({ ...swap, expiresAtMs: time }, 0)],
    restoredAtMs: [
      (time) => new Challenge(keyring, new Policy(), binding, { restoredAtMs: time }),
      (time) => new Token(keyring, Uint8Array.of(1), Uint8Array.of(2), {}, { restoredAtMs: time }),
    ],
    'the clock': [
      (time) => challenge.issue(store, () => time),
      (time) => challenge.attempt(store, '123456', () => time),
      (time) => token.attemptTotp(store, totp, '123456', () => time),
      (time) => mpass.initializeStore(keyring, store, () => time),
      (time) => mpass.openStore(keyring, store, () => time),
      (time) => mpass.storeRestored(keyring, store, () => time),
      ...(mpass.Tenants ? [(time) =>
        new mpass.Tenants(keyring, store, { now: () => time }).create('channel', { name: 'x' })] : []),
    ],
    ...(mpass.serve ? ofServices(mpass, keyring, store) : {}),
  };
}

function ofServices(mpass, keyring, store) {
  const engine = new mpass.Engine(keyring);
  const request = { method: 'GET', path: '/', peer: '::1' };
  const host = (time) => ({ store, deliver: async () => 'refused', now: () => time });
  return {
    'host.now': [(time) => mpass.serve(engine, request, host(time))],
    restoredAtMs: [(time) => engine.apply({ restoredAtMs: time, isClosed: false })],
  };
}

/** Of entries with challenges. */
export const ofChallenges = (mpass) => ({
  async 'a time in seconds is refused by the name of its argument'() {
    const [keyring, store] = [mpass.Keyring.generate(), new mpass.MemoryStore(100)];
    let count = 0;
    for (const [name, uses] of Object.entries(calls(mpass, keyring, store))) {
      for (const use of uses) {
        for (const time of SECONDS) {
          begins(await rejects((async () => use(time))(), 'RangeError', use.toString()),
            `${name} seems to be in seconds`);
          count += 1;
        }
      }
    }
    // A simulated clock may begin at 0, and milliseconds of today are no mistake.
    for (const time of [0, 999_999_999, 20_000_000_001, Date.now()]) {
      equal((await store.swap({
        kind: 'state', key: new Uint8Array(16).fill(count), value: new Uint8Array(1),
      }, time)).stored, true);
      count += 1;
    }
    equal(store.size, 4);
    return count;
  },

  async 'what is in place of a store, an option or a request is named'() {
    const keyring = mpass.Keyring.generate();
    const challenge = new mpass.Challenge(keyring, new mpass.Policy(), {
      service: 'a', tenant: Uint8Array.of(1), subject: { account: 'ann' },
    });
    begins(throws(() => challenge.issue(new Map()), 'TypeError'),
      'the first argument is a store, or the current record or null, not Map');
    begins(throws(() => challenge.issue(), 'TypeError'), 'nowMs, the time of an operation on a record,');
    begins(throws(() => new mpass.Policy({ lifetime: 60 }), 'TypeError'),
      'Policy has no option lifetime; its options: digits, lifetimeMs');
    begins(throws(() => mpass.PhoneNumber.parse('0500000000', 'SA'), 'TypeError'),
      'the country, a calling code such as 966, is a number, not string');
    if (!mpass.serve || typeof Request === 'undefined') return;
    const host = { store: new mpass.MemoryStore(9), deliver: async () => 'refused' };
    const asked = mpass.serve(new mpass.Engine(keyring), new Request('https://a.example/'), host);
    ok(/fromFetch/.test((await rejects(asked, 'TypeError')).message));
  },

  'the setting of a limit and the rule of a subject are named': () => {
    const { Challenge, Keyring, Policy } = mpass;
    for (const guesses of [
      { events: 0, windowMs: 1000 }, { events: 9, windowMs: 0 }, { events: 9, windowMs: 9, burst: 10 },
    ]) {
      const { message } = throws(() => new Policy({ guesses }), 'InvalidLimit');
      ok(/^guesses: .*1 to 100000 events in a window of 1 ms to 31 days/.test(message), message);
    }
    begins(throws(() => new Policy({ guesses: '9/1h' }), 'TypeError'), 'guesses is { events,');
    const subject = (value) => throws(() => new Challenge(Keyring.generate(), new Policy(), {
      service: 'a', tenant: Uint8Array.of(1), subject: value,
    }), 'InvalidSubject').message;
    ok(/one @/.test(subject({ email: 'ann' })) && /64 printable/.test(subject({ account: 'a b' })));
  },
});

