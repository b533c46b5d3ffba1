// Misuse and the resulting errors: the cases shared by all languages, and those
// specific to JavaScript.
import { equal, ok, rejects, throws } from './assert.js';
import files from './misuses.js';

const SHARED = files['misuse.json'];
// The kinds of misuse that are detected outside the engine.
const KINDS = {
  null: 'TypeError',
  closed: 'TypeError',
  type: 'TypeError',
  range: 'RangeError',
  length: 'RangeError',
};

export default (mpass) => {
  const { Challenge, Engine, Hotp, KeyUri, Keyring, MpassError, Ocra,
    MemoryStore, PhoneNumber, Policy, Secret, Tenants, Token, Totp, androidAppHash } = mpass;
  const make = () => {
    const secret = Secret.fromBytes(new TextEncoder().encode('12345678901234567890'));
    return { secret, hotp: new Hotp(secret), totp: new Totp(secret), keyring: Keyring.generate() };
  };

  // The shared list: handles and calls by the names used in all languages.
  const handles = {
    secret: () => make().secret,
    'short-secret': () => Secret.fromHex('313233'),
    hotp: () => make().hotp,
    totp: () => make().totp,
    'late-totp': () => new Totp(make().secret, { t0: 60 }),
    ocra: () => new Ocra(make().secret, 'OCRA-1:HOTP-SHA1-6:QN08'),
    keyring: () => Keyring.generate(),
  };
  const challenge = (keyring, subject = { account: 'ann' }) =>
    new Challenge(keyring, new Policy(), { service: 'test', tenant: new Uint8Array(1), subject });
  const tenantsOf = (keyring) => new Tenants(keyring, new MemoryStore(9), { now: () => 0 });
  const withShop = async (keyring = Keyring.generate()) => {
    const tenants = tenantsOf(keyring);
    await tenants.create('channel', { name: 'shop' });
    return tenants;
  };
  const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  const calls = {
    'secret.from_bytes': ({ secret }) => Secret.fromBytes(secret),
    'secret.from_base32': ({ secret }) => Secret.fromBase32(secret),
    'secret.from_hex': ({ secret }) => Secret.fromHex(secret),
    'hotp.new': ({ secret, ...settings }) => new Hotp(secret, settings),
    'hotp.generate': ({ hotp, counter }) => Hotp.prototype.generate.call(hotp, counter),
    'hotp.verify': ({ hotp, code, counter, 'look-ahead': lookAhead }) =>
      Hotp.prototype.verify.call(hotp, code, counter, lookAhead),
    'hotp.resynchronize': ({ hotp, codes, counter, window }) =>
      Hotp.prototype.resynchronize.call(hotp, codes, counter, window),
    'totp.new': ({ secret, ...settings }) => new Totp(secret, settings),
    'totp.generate': ({ totp, time }) => Totp.prototype.generate.call(totp, time),
    'ocra.new': ({ secret, suite }) => new Ocra(secret, suite),
    'ocra.respond': ({ ocra, question }) => Ocra.prototype.respond.call(ocra, { question }),
    'key_uri.parse': ({ uri }) => KeyUri.parse(uri),
    'number.parse': ({ number, country }) => PhoneNumber.parse(number, country),
    'number.keyed_hash': ({ number, key }) => PhoneNumber.parse(number).keyedHash(key),
    'android_app.hash': ({ package: name, certificate }) => androidAppHash(name, certificate),
    'keyring.parse': ({ keyring }) => Keyring.parse(keyring),
    'policy.new': ({ digits, tries, lifetime }) => new Policy({ digits, tries, lifetimeMs: lifetime }),
    'subject.number': ({ number }) => challenge(Keyring.generate(), { number }),
    'subject.email': ({ address }) => challenge(Keyring.generate(), { email: address }),
    'subject.account': ({ account }) => challenge(Keyring.generate(), { account }),
    'challenge.attempt': ({ keyring, record, code }) => challenge(keyring).attempt(record, code, 0),
    'channel.create': ({ keyring, name, language, text }) =>
      tenantsOf(keyring).create('channel', { name, texts: { [language]: text } }),
    'customer.create': ({ keyring, id }) => tenantsOf(keyring).create('customer', { name: id }),
    'client.create': ({ keyring, name, 'redirect-uri': uri, 'public-key': publicKey }) =>
      tenantsOf(keyring).create('client', { name, redirectUris: [uri], publicKey }),
    'tenants.read': async ({ keyring, kind, name }) => (await withShop(keyring)).read(kind, name),
    'tenants.update': async ({ kind, name, field, clear, stamp }) => (await withShop()).update(
      kind, name, { [camel(field)]: 'shop.example', [camel(clear)]: null }, { stamp }),
    'tenants.rotate': async ({ name, overlap }) =>
      (await withShop()).rotate('channel', name, { overlapMs: overlap }),
    'tenants.provision': ({ name, credential }) =>
      tenantsOf(Keyring.generate()).provision('customer', { name }, credential),
    'engine.new': ({ keyring, issuer }) => new Engine(keyring, { issuer }),
  };
  const integer = (digits) => {
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : BigInt(digits);
  };
  const closed = (name) => {
    const handle = handles[name]();
    handle.free();
    return handle;
  };
  const types = {
    integer,
    fraction: Number,
    text: (text) => text,
    repeated: ([text, times]) => text.repeat(times),
    unpaired: () => '\ud800',
    texts: (texts) => texts,
    bytes: (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)),
    zeros: (count) => new Uint8Array(count),
    handle: (name) => handles[name](),
    closed,
  };
  // JavaScript accepts a value of any type, so every case can be tested.
  const valueOf = (described) => {
    if (described === null) return null;
    const [[type, of]] = Object.entries(described);
    return types[type](of);
  };
  const argumentsOf = (described) =>
    Object.fromEntries(Object.entries(described).map(([name, value]) => [name, valueOf(value)]));

  const u64 = (value, name) => [
    `counter ${String(value)} of type ${typeof value}`,
    ({ hotp }) => hotp.generate(value),
    name,
  ];
  // Cases specific to JavaScript: description, call, and name of the error.
  const mistakes = [
    u64(-1n, 'RangeError'),
    u64(NaN, 'RangeError'),
    u64(Infinity, 'RangeError'),
    u64(2 ** 53, 'RangeError'),
    u64(2 ** 64, 'RangeError'),
    u64(undefined, 'TypeError'),
    ['a text too long', ({ hotp }) => hotp.verify('1'.repeat(2 ** 21), 0), 'RangeError'],
    ['a secret by new', () => new Secret('abc'), 'TypeError'],
    ['a secret as an array', () => Secret.fromBytes([1, 2, 3]), 'TypeError'],
    ['an option misspelt', ({ secret }) => new Hotp(secret, { digit: 8 }), 'TypeError'],
    ['an array for a buffer', ({ hotp }) => hotp.generateRange(0, []), 'TypeError'],
    ['an object that says it is bytes', () =>
      Secret.fromBytes({ [Symbol.toStringTag]: 'Uint8Array', length: 20 }), 'TypeError'],
    ['options that are none', ({ secret }) => new Hotp(secret, 8), 'TypeError'],
    ['a time in fractions', ({ totp }) => totp.generate(59.5), 'RangeError'],
    ['codes that are numbers', ({ hotp }) => hotp.resynchronize([1, 2], 0, 9), 'TypeError'],
    ['a counter and a period', ({ secret }) =>
      KeyUri.write(secret, { account: 'a', counter: 1, period: 30 }), 'TypeError'],
    ['a key URI with half a character', () =>
      KeyUri.parse('otpauth://totp/\udc00?secret=GEZDGNBVGY3TQOJQ'), 'RangeError'],
    ['an account with half a character', ({ secret }) =>
      KeyUri.write(secret, { account: '\ud800' }), 'RangeError'],
    ['an issuer with half a character', ({ secret }) =>
      KeyUri.write(secret, { account: 'a', issuer: '\udfff' }), 'RangeError'],
    ['a PIN with half a character', ({ secret }) =>
      new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08-PSHA1')
        .respond({ question: '1', pin: '\ud800' }), 'RangeError'],
    ['a strictness that is no flag', () =>
      KeyUri.parse('otpauth://totp/a?secret=GEZDGNBVGY3TQOJQ', { strict: 1 }), 'TypeError'],
    ['a counter of a URI below 0', ({ secret }) =>
      KeyUri.write(secret, { account: 'a', counter: -1n }), 'RangeError'],
    ['a counter of a URI of 2^64', ({ secret }) =>
      KeyUri.write(secret, { account: 'a', counter: 1n << 64n }), 'RangeError'],
    ['a limit without its window', () => new Policy({ sends: { events: 1 } }), 'TypeError'],
    ['a token without id', ({ keyring }) => new Token(keyring, new Uint8Array(1)), 'TypeError'],
    ['a subject of text alone', ({ keyring }) => challenge(keyring, '+966500000000'), 'TypeError'],
    ['a subject of nothing', ({ keyring }) => challenge(keyring, {}), 'TypeError'],
    ['a subject that is a phone number', ({ keyring }) =>
      challenge(keyring, PhoneNumber.parse('+966500000000')), 'TypeError'],
    ['a subject of two kinds', ({ keyring }) =>
      challenge(keyring, { email: 'ann@example.com', account: 'ann' }), 'TypeError'],
    ['a subject of no kind', ({ keyring }) => challenge(keyring, { name: 'ann' }), 'TypeError'],
    ['tenants without keys', () => new Tenants(), 'TypeError'],
    ['tenants without a store', ({ keyring }) => new Tenants(keyring, {}), 'TypeError'],
    ['tenants with a time for a clock', ({ keyring }) =>
      new Tenants(keyring, new MemoryStore(9), { now: 0 }), 'TypeError'],
    ['a tenant of settings that are none', ({ keyring }) =>
      tenantsOf(keyring).create('channel', 'shop'), 'TypeError'],
    ['an update of no changes', ({ keyring }) =>
      tenantsOf(keyring).update('channel', 'shop'), 'TypeError'],
    ['an update of a number for a text', ({ keyring }) =>
      tenantsOf(keyring).update('channel', 'shop', { host: 7 }), 'TypeError'],
    ['an update of an unknown rule', ({ keyring }) =>
      tenantsOf(keyring).update('channel', 'shop', { policy: { digit: 8 } }), 'TypeError'],
    ['an unlock of a number for a text', ({ keyring }) =>
      tenantsOf(keyring).unlock('channel', 'shop', 966500000000), 'TypeError'],
    ['an engine without keys', () => new Engine(), 'TypeError'],
    ['an engine with an issuer that is none', ({ keyring }) =>
      new Engine(keyring, { issuer: 'shop.example' }), 'InvalidIssuer'],
    ['an engine whose tokens are used never', ({ keyring }) =>
      new Engine(keyring, { tokenUse: 'never' }), 'TypeError'],
    ['an error of no name', () => MpassError.of('Nothing'), 'TypeError'],
  ];

  async function refuses(call, name, what) {
    const error = await rejects((async () => call())(), name, what);
    const isOurs = name !== 'TypeError' && name !== 'RangeError';
    equal(error instanceof MpassError, isOurs, what);
    if (isOurs) ok(Number.isInteger(error.number) && error.number > 0, what);
    ok(error.message.length > 0, what);
    return error;
  }

  return {
    async 'misuse: every mistake of the shared list has its error'() {
      for (const [name, right] of Object.entries(SHARED.calls)) await calls[name](argumentsOf(right));
      for (const { name, call, argument, value, error, javascript = error } of SHARED.misuses) {
        const right = SHARED.calls[call];
        ok(Object.hasOwn(right, argument), `${name}: no such argument`);
        const wrong = argumentsOf({ ...right, [argument]: value });
        const seen = await refuses(() => calls[call](wrong), KINDS[javascript] ?? javascript, name);
        // The message for a wrong argument names it.
        const isNamed = seen.message.toLowerCase().includes(argument);
        ok(isNamed || !(javascript in KINDS), `${name}: ${seen.message}`);
      }
      // The instance still works.
      equal(make().hotp.generate(0), '755224');
      return SHARED.misuses.length;
    },

    async 'misuse: every mistake of JavaScript has its error'() {
      for (const [what, call, name] of mistakes) await refuses(() => call(make()), name, what);
      return mistakes.length;
    },

    'misuse: the message names the type of a wrong argument'() {
      const shown = (call) => throws(call, 'TypeError').message;
      const fromBytes = (value) => shown(() => Secret.fromBytes(value));
      equal(fromBytes([1]), 'the secret is a Uint8Array, not Array');
      equal(fromBytes(new ArrayBuffer(20)), 'the secret is a Uint8Array, not ArrayBuffer');
      equal(fromBytes(new Uint16Array(20)), 'the secret is a Uint8Array, not Uint16Array');
      equal(fromBytes(null), 'the secret is a Uint8Array, not null');
      equal(fromBytes({ constructor: 'x' }), 'the secret is a Uint8Array, not Object');
      equal(fromBytes(Object.create(null)), 'the secret is a Uint8Array, not Object');
      equal(fromBytes(make().secret), 'the secret is a Uint8Array, not Secret');
      equal(shown(() => new Totp('GEZDGNBV')), 'not a Secret, but string: use Secret.fromBase32');
      equal(shown(() => new Totp(make().keyring)), 'not a Secret, but Keyring');
      equal(shown(() => new Totp()), 'not a Secret, but undefined');
      const wrapped = new Proxy(make().secret, {});
      equal(shown(() => new Totp(wrapped)), 'this Secret is a Proxy or a copy: pass the object itself');
      const foreign = new (class { static name = 'Secret'; })();
      equal(shown(() => new Totp(foreign)), 'this Secret is of another entry or copy of libmpass');
    },

    'misuse: the class of errors has its name'() {
      equal([MpassError.name, MpassError.of('StoreFull').constructor.name], ['MpassError', 'MpassError']);
    },

    'misuse: properties of Object.prototype are no options'() {
      const { secret } = make();
      const code = new Hotp(secret).generate(0);
      const polluted = { digits: 8, allowShort: true, algorithm: 'SHA512', strict: true, account: 'x' };
      for (const [name, value] of Object.entries(polluted)) {
        Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
      }
      try {
        equal([new Hotp(secret).generate(0), new Hotp(secret, {}).generate(0)], [code, code]);
        throws(() => new Hotp(Secret.fromHex('313233'), {}), 'SecretTooShort');
        throws(() => KeyUri.write(secret, {}), 'TypeError');
        equal(KeyUri.parse('otpauth://totp/A:x?secret=GEZDGNBVGY3TQOJQ&issuer=B', {}).facts().digits, 6);
      } finally {
        for (const name of Object.keys(polluted)) delete Object.prototype[name];
      }
    },

    'misuse: a refused setting is named with its range'() {
      const { message } = throws(() => new Policy({ tries: 101 }), 'InvalidTries');
      ok(message === 'tries: 101 is out of range: 1 to 100', message);
    },

    'misuse: no error shows what it was about'() {
      const { hotp } = make();
      const code = '1234567';
      const error = throws(() => hotp.resynchronize([code], 0, 1), 'ResyncCodes');
      ok(!`${error} ${error.stack} ${JSON.stringify(error)}`.includes(code));
    },
  };
};
