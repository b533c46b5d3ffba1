// Challenges, tokens, keyrings, channels, stores and handles.
import { equal, ok, rejects, throws } from './assert.js';
import { NOON } from './world.js';

const ASCII = (text) => new TextEncoder().encode(text);

/** Stores a pending outcome as a host does. */
async function settle(store, pending) {
  const swapped = await store.swap(pending.swap(), NOON);
  return swapped.stored ? pending.stored() : null;
}

const hex = (key) => Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Those after a key, in the order of their keys. */
const sorted = (documents, after) =>
  [...documents]
    .filter(({ key }) => after === null || hex(key) > hex(after))
    .sort((a, b) => (hex(a.key) < hex(b.key) ? -1 : 1));

/** A store that breaks one rule. */
function broken(mpass, rule) {
  const memory = new mpass.MemoryStore(100_000);
  const [values, documents] = [new Map(), new Map()];
  const storeKey = (kind, key) => `${rule === 'KindsMixed' ? '' : kind} ${key}`;
  const load = async (kind, key) => values.get(storeKey(kind, key)) ?? null;
  const swap = async ({ kind, key, expected, value }) => {
    const current = await load(kind, key);
    const same = String(current) === String(expected);
    if (!same) return { stored: false, current: rule === 'Loser' ? null : current };
    if (rule !== 'Forgotten') values.set(storeKey(kind, key), value);
    if (kind === 'document') documents.set(hex(key), { key, value });
    return { stored: true };
  };
  const list = async (after, limit) => sorted(documents.values(), after).slice(0, limit);
  const whole = {
    load: (kind, key) => memory.load(kind, key),
    swap: (wanted, now) => memory.swap(wanted, now),
    list: (after, limit) => memory.list(after, limit),
  };
  const stores = {
    KindsMixed: { load, swap },
    Loser: { load, swap },
    Forgotten: { load, swap },
    // Not atomic: reads, waits and writes, like a store without transactions.
    Insert: { load, swap },
    NotAbsent: {
      load: (kind, key) => memory.load(kind, key),
      swap: async (wanted, now) => {
        const expected = await memory.load(wanted.kind, wanted.key);
        return memory.swap(wanted.expected === null ? { ...wanted, expected } : wanted, now);
      },
    },
    Answer: { load, swap: async () => 'stored' },
    Length: {
      load: (kind, key) => memory.load(kind, key),
      swap: (wanted, now) =>
        memory.swap({ ...wanted, value: wanted.value.subarray(0, 90) }, now),
    },
    DroppedEarly: {
      load: async (kind, key) => (values.size > 60 ? null : memory.load(kind, key)),
      swap: async (wanted, now) => {
        if (now > NOON) values.set(String(wanted.key), true);
        return memory.swap(wanted, now);
      },
    },
    // Forgets what it has dropped.
    Revived: {
      swap: async (wanted, now) => {
        const swapped = await memory.swap(wanted, now);
        return wanted.expiresAtMs === NOON + 1 ? { stored: true } : swapped;
      },
    },
    ListOrder: { list: async (after, limit) => (await whole.list(after, limit)).reverse() },
    ListState: {
      swap: async (wanted, now) => {
        if (wanted.kind === 'state') values.set(hex(wanted.key), wanted);
        return memory.swap(wanted, now);
      },
      list: async (after, limit) =>
        sorted([...await memory.list(null, 10_000), ...values.values()], after).slice(0, limit),
    },
    ListMissing: {
      list: async (after, limit) =>
        (await memory.list(after, limit)).filter(({ key }) => key[0] >= 128),
    },
    ListLimit: { list: (after, limit) => memory.list(after, limit + 1) },
  };
  const store = stores[rule];
  return store.load ? { list, ...store } : { ...whole, ...store };
}

export default (mpass) => ({
  async 'challenge: an outcome exists once it is stored'() {
    const { Challenge, Keyring, MemoryStore, Policy } = mpass;
    const store = new MemoryStore(100);
    const challenge = new Challenge(Keyring.generate(), new Policy({ tries: 2 }), {
      service: 'test', tenant: ASCII('tenant'), subject: { number: '+966500000000' },
    });
    const { pending, refusal } = challenge.issue(null, NOON);
    equal(refusal, null);
    equal([pending.key, pending.expected], [challenge.key, null]);
    ok(pending.expiresAtMs > NOON && pending.isWrittenIn(pending.next));
    const issued = await settle(store, pending);
    throws(() => pending.stored(), 'TypeError');
    equal([issued.code.length, issued.endsAtMs], [6, NOON + 300_000]);

    const current = await store.load('state', challenge.key);
    const wrong = issued.code === '000000' ? '000001' : '000000';
    const first = challenge.attempt(current, wrong, NOON);
    const second = challenge.attempt(current, issued.code, NOON);
    equal(await settle(store, first.pending), 'Wrong');
    // The other attempt was decided from a record that has been replaced.
    equal(await settle(store, second.pending), null);
    const next = await store.load('state', challenge.key);
    ok(!second.pending.isWrittenIn(next));
    const again = challenge.attempt(next, issued.code, NOON);
    equal(await settle(store, again.pending), 'Accept');
    const used = await store.load('state', challenge.key);
    equal(challenge.attempt(used, issued.code, NOON), { pending: null, verdict: 'Used' });
    const early = challenge.issue(used, NOON + 1);
    equal(early, { pending: null, refusal: { reason: 'ResendInterval', retryAtMs: NOON + 30_000 } });
    ok(challenge.unlock(used, NOON).next.length > 0);
    throws(() => challenge.attempt(used.map((byte) => byte ^ 1), '1111', NOON), 'RecordFormat');
    const forged = Uint8Array.from(used);
    forged[40] ^= 1;
    throws(() => challenge.attempt(forged, '1111', NOON), 'RecordForged');
    // Two texts with the same UTF-8 encoding would bind the same code.
    const binding = { service: 'test', tenant: ASCII('tenant'), subject: { number: '+966500000000' } };
    const bound = (context) =>
      new Challenge(Keyring.generate(), new Policy(), { ...binding, context });
    for (const half of ['\ud800', 'a\udfff']) throws(() => bound(half), 'RangeError');
    ok(bound('\u{1f4f1}').key.length === 16);
  },

  async 'challenge: a send that failed is given back'() {
    const { Challenge, Keyring, MemoryStore, Policy } = mpass;
    const store = new MemoryStore(100);
    const sends = { events: 1, windowMs: 3_600_000 };
    const policy = new Policy({ sends, resendIntervalMs: 0 });
    const challenge = new Challenge(Keyring.generate(), policy, {
      service: 'test', tenant: ASCII('tenant'), subject: { email: 'ann@example.com' }, context: 'app',
    });
    const issued = await settle(store, challenge.issue(undefined, NOON).pending);
    const current = await store.load('state', challenge.key);
    equal(challenge.issue(current, NOON).refusal.reason, 'Sends');
    const refund = challenge.refund(current, issued, NOON);
    equal(await settle(store, refund), undefined);
    const after = await store.load('state', challenge.key);
    equal(challenge.refund(after, issued, NOON), null);
    ok(challenge.issue(after, NOON).pending !== null);
  },

  async 'token: no code is accepted twice'() {
    const { Hotp, Keyring, MemoryStore, Secret, Token, Totp } = mpass;
    const store = new MemoryStore(100);
    const secret = Secret.fromBytes(ASCII('12345678901234567890'));
    const keyring = Keyring.generate();
    const hotp = new Hotp(secret);
    const token = new Token(keyring, ASCII('tenant'), ASCII('hotp'), { delayMs: 0 });
    const attempt = async (code) => {
      const current = await store.load('state', token.key);
      const { pending, verdict } = token.attemptHotp(current, hotp, code, NOON);
      return pending ? settle(store, pending) : verdict;
    };
    const enrolled = token.enroll(3, NOON);
    equal([enrolled.expiresAtMs, enrolled.swap().expiresAtMs], [null, null]);
    await settle(store, enrolled);
    equal(await attempt(hotp.generate(2)), 'Wrong');
    equal(await attempt(hotp.generate(5)), 'Accept');
    equal(await attempt(hotp.generate(5)), 'Wrong');
    const status = token.status(await store.load('state', token.key), NOON);
    equal([status.last, status.drift, status.failures], [5n, 0n, 1]);
    equal([status.retryAtMs, status.isLocked], [null, false]);
    const resync = token.resynchronizeHotp(
      await store.load('state', token.key), hotp, [hotp.generate(50), hotp.generate(51)], NOON);
    equal(await settle(store, resync.pending), 'Accept');
    equal(token.status(await store.load('state', token.key), NOON).last, 51n);

    const totp = new Totp(secret);
    const timed = new Token(keyring, ASCII('tenant'), ASCII('totp'));
    const code = totp.generate(NOON / 1000);
    equal(await settle(store, timed.attemptTotp(null, totp, code, NOON).pending), 'Accept');
    const replay = timed.attemptTotp(await store.load('state', timed.key), totp, code, NOON);
    equal(await settle(store, replay.pending), 'Replayed');
  },

  async 'token: an OCRA question is answered once'() {
    const { Keyring, MemoryStore, Ocra, Secret, Token } = mpass;
    const store = new MemoryStore(100);
    const ocra = new Ocra(Secret.generate('SHA1'), 'OCRA-1:HOTP-SHA1-6:QN08');
    const token = new Token(Keyring.generate(), ASCII('tenant'), ASCII('ocra'));
    const question = ocra.generateQuestion();
    ok(/^\d{8}$/.test(question));
    await settle(store, token.ask(null, question, 60_000, NOON));
    const response = ocra.respond({ question });
    const current = await store.load('state', token.key);
    const { pending } = token.attemptOcra(current, ocra, { question }, response, NOON);
    equal(await settle(store, pending), 'Accept');
    const used = await store.load('state', token.key);
    equal(token.attemptOcra(used, ocra, { question }, response, NOON).verdict, 'Used');
    const { forServerResponse, forClientResponse } = Ocra.mutualQuestions('CLI22220', 'SRV11110');
    equal([forServerResponse, forClientResponse], ['CLI22220SRV11110', 'SRV11110CLI22220']);
  },

  'oath: secrets and resynchronisation'() {
    const { Hotp, Secret, Totp } = mpass;
    const secret = Secret.fromBase32('gezd gnbv-GY3TQOJQ GEZDGNBVGY3TQOJQ');
    equal(secret.exposeHex(), '3132333435363738393031323334353637383930');
    equal(secret.exposeBase32(), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    equal(secret.expose().length, 20);
    equal(['SHA1', 'SHA256', 'SHA512'].map((name) => Secret.generate(name).expose().length),
      [20, 32, 64]);
    ok(Secret.generate().exposeHex() !== Secret.generate().exposeHex());
    const hotp = new Hotp(secret);
    equal(hotp.resynchronize(['338314', '254676'], 0, 10), 5n);
    equal(hotp.generate((1n << 64n) - 1n).length, 6);
    const totp = new Totp(secret, { digits: 8 });
    equal(totp.resynchronize([totp.generateStep(9), totp.generateStep(10)], 300, 5, 0), 10n);
    equal([totp.remainingSeconds(59), totp.verifySteps('94287082', 0, 3)], [1, 1n]);
    equal(totp.resynchronizeSteps([totp.generateStep(9), totp.generateStep(10)], 9n, 1), 10n);
  },

  'oath: lanes compute what single codes are'() {
    const { Hotp, Secret, backend } = mpass;
    equal(backend(), 'single crates, lanes simd128');
    const secret = Secret.fromBytes(ASCII('12345678901234567890'));
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512']) {
      const hotp = new Hotp(secret, { algorithm, digits: 9 });
      // All counts from 1 to beyond the lanes of any register, with a carry.
      for (let count = 1; count <= 40; count += 1) {
        const [first, values] = [2 ** 32 - count + (count % 3), new Uint32Array(count)];
        equal(hotp.generateRange(first, values), count);
        const singly = Array.from(values, (_, n) => hotp.generate(first + n));
        equal(Array.from(values, (value) => String(value).padStart(9, '0')), singly);
        equal(hotp.verify(singly[count - 1], first, count - 1), BigInt(first + count - 1));
      }
    }
  },

  'oath: codes as numbers, and many of them'() {
    const { Hotp, Secret, Totp } = mpass;
    const secret = Secret.fromBytes(ASCII('12345678901234567890'));
    for (let digits = 4; digits <= 10; digits += 1) {
      const hotp = new Hotp(secret, { digits });
      for (const counter of [0, 5, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2n ** 53n, 2n ** 64n - 1n]) {
        const code = hotp.generate(counter);
        equal(code.length, digits);
        equal(hotp.generateValue(counter), Number(code));
        equal(hotp.verify(code, counter, 5), BigInt(counter));
      }
    }
    // RFC 4226 appendix D lists the values before truncation to digits.
    equal(new Hotp(secret, { digits: 10 }).generate(5), '0868254676');
    const hotp = new Hotp(secret);
    for (const count of [0, 1, 511, 512, 513, 1100]) {
      const values = new Uint32Array(count + 1).fill(7);
      equal(hotp.generateRange(2 ** 32 - 5, values.subarray(0, count)), count);
      equal([...values.subarray(0, count)],
        Array.from({ length: count }, (_, n) => hotp.generateValue(2 ** 32 - 5 + n)));
      equal(values[count], 7);
    }
    const end = new Uint32Array(600).fill(7);
    equal(hotp.generateRange(2n ** 64n - 520n, end), 520);
    equal([end[519], end[520]], [hotp.generateValue(2n ** 64n - 1n), 7]);
    throws(() => hotp.generateRange(0, new Int32Array(1)), 'TypeError');
    throws(() => hotp.generateRange(-1, end), 'RangeError');
    const totp = new Totp(secret, { digits: 8, t0: 30 });
    throws(() => totp.generateValue(29), 'TimeOutOfRange');
    equal(totp.verify('94287082', 29, 9, 9), null);
    equal([totp.verify('94287082', 119), totp.verify('94287082', 31, 0, 1)], [1n, 1n]);
  },

  'oath: only digits of the length are a code'() {
    const { Hotp, Secret, Totp } = mpass;
    const secret = Secret.fromBytes(ASCII('12345678901234567890'));
    const hotp = new Hotp(secret);
    for (const typed of ['287082', '\u0662\u0668\u0667\u0660\u0668\u0662', '28\u06f7082']) {
      equal(hotp.verify(typed, 0, 2), 1n, typed);
    }
    const wrong = ['', '28708', '0287082', '1287082', '28708/', '28708:', '28708B', '287082287082287082'];
    for (const typed of wrong) equal(hotp.verify(typed, 0, 2), null, typed);
    const totp = new Totp(secret, { digits: 8 });
    const typed = '\u0669\u0664\u0662\u0668\u0667\u0660\u0668\u0662';
    equal([totp.verify(typed, 59), totp.verifySteps(typed, 0, 3)], [1n, 1n]);
  },

  'oath: a key URI is written'() {
    const { KeyUri, Secret } = mpass;
    const secret = Secret.fromBytes(ASCII('12345678901234567890'));
    const base = 'secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const plain = KeyUri.write(secret, { account: 'alice', issuer: 'ACME' });
    equal(plain.expose(), `otpauth://totp/ACME:alice?${base}&issuer=ACME`);
    const hotp = KeyUri.write(secret, {
      account: 'bob', counter: (1n << 64n) - 1n, algorithm: 'SHA256', digits: 8,
    });
    const { kind, counter, period, digits, algorithm } = hotp.facts();
    equal([kind, counter, period, digits, algorithm],
      ['hotp', (1n << 64n) - 1n, null, 8, 'SHA256']);
    equal(KeyUri.write(secret, { account: 'eve', period: 60 }).facts().period, 60n);
    equal(KeyUri.write(secret, { account: 'a:b', issuer: 'C: D' }).expose(),
      `otpauth://totp/C%3A%20D:a%3Ab?${base}&issuer=C%3A%20D`);
    throws(() => KeyUri.write(secret, { account: '' }), 'InvalidLabel');
    for (const period of [0n, 1n << 63n, (1n << 64n) - 1n]) {
      throws(() => KeyUri.write(secret, { account: 'a', period }), 'InvalidPeriod');
    }
  },

  'number: parts, hashes, and what logs see'() {
    const { PhoneNumber } = mpass;
    const number = PhoneNumber.fromNational(966, '0500000000');
    equal([number.e164, number.national, number.callingCode], ['+966500000000', '500000000', 966]);
    ok(number.equals(PhoneNumber.parse('00966 50 000 0000')));
    ok(!number.equals(PhoneNumber.parse('+966500000001')));
    for (const shown of [`${number}`, JSON.stringify(number), number.masked]) {
      ok(!shown.includes('500000000') && shown.includes('966'), shown);
    }
    equal(number.keyedHash(new Uint8Array(32)).length, 32);
    ok(number.sha256HexWithoutPlus() !== number.sha256Hex());
  },

  'keyring: keys come and go'() {
    const { Keyring } = mpass;
    const keyring = Keyring.generate();
    equal([keyring.add(), keyring.newest, keyring.ids], [2, 1, [1, 2]]);
    keyring.activate(2);
    keyring.remove(1);
    equal([keyring.newest, keyring.ids], [2, [2]]);
    equal(Keyring.parse(keyring.expose()).expose(), keyring.expose());
    throws(() => keyring.activate(9), 'UnknownRecordKey');
    throws(() => keyring.remove(9), 'UnknownRecordKey');
    throws(() => keyring.remove(2), 'ActiveRecordKey');
    ok(Keyring.generate().expose() !== Keyring.generate().expose());
  },

  async 'probe: the memory store keeps every rule, others do not'() {
    await mpass.probe(new mpass.MemoryStore(100_000), { nowMs: NOON });
    for (const rule of ['Answer', 'Forgotten', 'NotAbsent', 'Loser', 'Length', 'KindsMixed',
      'DroppedEarly', 'Insert', 'Revived', 'ListOrder', 'ListState', 'ListMissing', 'ListLimit']) {
      const error = await rejects(
        mpass.probe(broken(mpass, rule), { nowMs: NOON, rounds: 2 }), 'ProbeFailure', rule);
      equal(error.rule, rule);
    }
  },

  async 'memory store: full is full'() {
    const store = new mpass.MemoryStore(1);
    await rejects(store.load('state', new Uint8Array(15)), 'RangeError');
    const swap = { kind: 'state', expected: null, value: new Uint8Array(4), expiresAtMs: NOON };
    ok((await store.swap({ ...swap, key: new Uint8Array(16) }, 1)).stored);
    await rejects(store.swap({ ...swap, key: new Uint8Array(16).fill(1) }, 1), 'StoreFull');
    equal(store.size, 1);
    ok((await store.swap({ ...swap, key: new Uint8Array(16).fill(1) }, NOON)).stored);
  },

  async 'memory store: what was dropped stays refused, what does not expire stays'() {
    const store = new mpass.MemoryStore(2);
    const swap = { kind: 'state', expected: null, value: new Uint8Array(4) };
    const key = (byte) => new Uint8Array(16).fill(byte);
    ok((await store.swap({ ...swap, key: key(1), expiresAtMs: NOON }, 1)).stored);
    ok((await store.swap({ ...swap, key: key(2), expiresAtMs: null }, 1)).stored);
    // Drops the first value, because the store is full, but not the second.
    ok((await store.swap({ ...swap, key: key(3), expiresAtMs: null }, 2n ** 64n - 1n)).stored);
    await rejects(store.swap({ ...swap, key: key(4) }, 2n ** 64n - 1n), 'StoreFull');
    ok((await store.load('state', key(2))) !== null);
    const other = new mpass.MemoryStore(1);
    ok((await other.swap({ ...swap, key: key(1), expiresAtMs: NOON }, 1)).stored);
    ok((await other.swap({ ...swap, key: key(17), expiresAtMs: NOON + 9 }, NOON)).stored);
    equal(await other.swap({ ...swap, key: key(1), expiresAtMs: NOON }, 1),
      { stored: false, expired: true });
    equal(await other.list(null, 9), []);
  },

  async 'memory store: documents in the order of their keys'() {
    const store = new mpass.MemoryStore(9);
    const key = (byte) => new Uint8Array(16).fill(byte);
    for (const byte of [255, 1, 128]) {
      const swap = { kind: 'document', key: key(byte), expected: null, value: key(byte) };
      ok((await store.swap(swap, NOON)).stored);
    }
    const keys = async (after, limit) => (await store.list(after, limit)).map((each) => each.key[0]);
    equal(await keys(null, 2), [1, 128]);
    equal(await keys(key(128), 2), [255]);
    equal((await store.list(undefined, 1))[0].value, key(1));
    await rejects(store.list(new Uint8Array(15), 1), 'RangeError');
    await rejects(store.list(null, -1), 'RangeError');
  },

  'handles: freed once, twice, and used afterwards'() {
    const { Hotp, Secret } = mpass;
    const secret = Secret.generate();
    const hotp = new Hotp(secret);
    secret.free();
    secret.free();
    // Objects created from the secret remain usable.
    equal(hotp.generate(0).length, 6);
    throws(() => secret.expose(), 'TypeError');
    throws(() => new Hotp(secret), 'TypeError');
    hotp.free();
    throws(() => hotp.generate(0), 'TypeError');
    for (let n = 0; n < 20_000; n += 1) Secret.fromHex('00'.repeat(1024)).free();
  },
});
