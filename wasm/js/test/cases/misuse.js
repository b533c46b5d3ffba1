// Mistakes in use, and the error that each gives.
import { equal, ok, throws } from './assert.js';

export default (mpass) => {
  const { Engine, Hotp, KeyUri, Keyring, MpassError, Ocra, PhoneNumber, Policy, Secret, Token,
    Totp } = mpass;
  const make = () => {
    const secret = Secret.fromBytes(new TextEncoder().encode('12345678901234567890'));
    return { secret, hotp: new Hotp(secret), totp: new Totp(secret), keyring: Keyring.generate() };
  };
  const u64 = (value, name) => [
    `counter ${String(value)} of type ${typeof value}`,
    ({ hotp }) => hotp.generate(value),
    name,
  ];
  // What is done, and the name of the error.
  const mistakes = [
    u64(-1, 'RangeError'),
    u64(-1n, 'RangeError'),
    u64(1.5, 'RangeError'),
    u64(NaN, 'RangeError'),
    u64(Infinity, 'RangeError'),
    u64(2 ** 53, 'RangeError'),
    u64(2 ** 64, 'RangeError'),
    u64(1n << 64n, 'RangeError'),
    u64('1', 'TypeError'),
    u64(null, 'TypeError'),
    u64(undefined, 'TypeError'),
    ['a code that is a number', ({ hotp }) => hotp.verify(755224, 0), 'TypeError'],
    ['no code', ({ hotp }) => hotp.verify(null, 0), 'TypeError'],
    ['a text too long', ({ hotp }) => hotp.verify('1'.repeat(2 ** 21), 0), 'RangeError'],
    ['a negative look-ahead', ({ hotp }) => hotp.verify('755224', 0, -1), 'RangeError'],
    ['no secret', () => new Hotp(null), 'TypeError'],
    ['a secret as text', () => new Hotp('12345678901234567890'), 'TypeError'],
    ['a secret of another class', ({ hotp }) => new Hotp(hotp), 'TypeError'],
    ['a secret by new', () => new Secret('abc'), 'TypeError'],
    ['a secret of no bytes', () => Secret.fromBytes(new Uint8Array()), 'SecretEmpty'],
    ['a secret as an array', () => Secret.fromBytes([1, 2, 3]), 'TypeError'],
    ['a secret too long', () => Secret.fromBytes(new Uint8Array(1025)), 'SecretTooLong'],
    ['a short secret', () => new Hotp(Secret.fromHex('00')), 'SecretTooShort'],
    ['base32 with a 1', () => Secret.fromBase32('A1'), 'InvalidBase32'],
    ['hexadecimal of odd length', () => Secret.fromHex('abc'), 'InvalidHex'],
    ['three digits', ({ secret }) => new Hotp(secret, { digits: 3 }), 'InvalidDigits'],
    ['negative digits', ({ secret }) => new Hotp(secret, { digits: -6 }), 'RangeError'],
    ['262 digits', ({ secret }) => new Hotp(secret, { digits: 262 }), 'InvalidDigits'],
    ['digits as text', ({ secret }) => new Hotp(secret, { digits: '6' }), 'TypeError'],
    ['another hash', ({ secret }) => new Hotp(secret, { algorithm: 'MD5' }), 'InvalidAlgorithm'],
    ['an option misspelt', ({ secret }) => new Hotp(secret, { digit: 8 }), 'TypeError'],
    ['options that are none', ({ secret }) => new Hotp(secret, 8), 'TypeError'],
    ['a step of 0', ({ secret }) => new Totp(secret, { step: 0 }), 'InvalidStep'],
    ['a time in fractions', ({ totp }) => totp.generate(59.5), 'RangeError'],
    ['a time before T0', ({ secret }) => new Totp(secret, { t0: 60 }).generate(59), 'TimeOutOfRange'],
    ['one code to resynchronise', ({ hotp }) => hotp.resynchronize(['1'], 0, 9), 'ResyncCodes'],
    ['codes that are no list', ({ hotp }) => hotp.resynchronize('12', 0, 9), 'TypeError'],
    ['codes that are numbers', ({ hotp }) => hotp.resynchronize([1, 2], 0, 9), 'TypeError'],
    ['too large a window', ({ hotp }) => hotp.resynchronize(['1', '2'], 0, 1e6), 'WindowTooLarge'],
    ['a suite that is none', ({ secret }) => new Ocra(secret, 'OCRA-2'), 'InvalidSuite'],
    ['no question', ({ secret }) => new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08').respond({}), 'TypeError'],
    ['a letter asked of QN', ({ secret }) =>
      new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08').respond({ question: 'x' }), 'InvalidQuestion'],
    ['a key URI that is none', () => KeyUri.parse('https://example.com'), 'InvalidUri'],
    ['a counter and a period', ({ secret }) =>
      KeyUri.write(secret, { account: 'a', counter: 1, period: 30 }), 'TypeError'],
    ['a number that is a number', () => PhoneNumber.parse(966500000000), 'TypeError'],
    ['an empty number', () => PhoneNumber.parse(''), 'NumberEmpty'],
    ['a country that is none', () => PhoneNumber.parse('050', 70_000), 'UnknownCallingCode'],
    ['a key of 31 bytes', () => PhoneNumber.parse('+966500000000').keyedHash(new Uint8Array(31)), 'RangeError'],
    ['keyring text that is none', () => Keyring.parse('keys'), 'InvalidKeyring'],
    ['tries of 256', () => new Policy({ tries: 256 }), 'InvalidTries'],
    ['a weak policy', () => new Policy({ digits: 4 }), 'PolicyTooWeak'],
    ['a limit without its window', () => new Policy({ sends: { events: 1 } }), 'TypeError'],
    ['a token without id', ({ keyring }) => new Token(keyring, new Uint8Array(1)), 'TypeError'],
    ['an engine without keys', () => new Engine(), 'TypeError'],
    ['a method of another class', ({ totp }) => Hotp.prototype.generate.call(totp, 1), 'TypeError'],
    ['an error of no name', () => MpassError.of('Nothing'), 'TypeError'],
  ];
  return {
    'misuse: every mistake has its error'() {
      for (const [what, call, name] of mistakes) {
        const error = throws(() => call(make()), name, what);
        ok(error.message.length > 0, what);
        const isOurs = name !== 'TypeError' && name !== 'RangeError';
        equal(error instanceof MpassError, isOurs, what);
        if (isOurs) ok(Number.isInteger(error.number) && error.number > 0, what);
      }
      // None of them has harmed the instance.
      equal(make().hotp.generate(0), '755224');
      return mistakes.length;
    },

    'misuse: no error shows what it was about'() {
      const { hotp } = make();
      const code = '1234567';
      const error = throws(() => hotp.resynchronize([code], 0, 1), 'ResyncCodes');
      ok(!`${error} ${error.stack} ${JSON.stringify(error)}`.includes(code));
    },
  };
};
