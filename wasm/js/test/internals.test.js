// Tests of the internals of the whole entry, which the build also writes for them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  ERRORS, Hotp, KeyUri, Keyring, MpassError, Ocra, Packer, Secret, Totp, Unpacker, glue, operations,
  perform, version,
} from './internals.js';

const manifest = pathToFileURL(createRequire(import.meta.url).resolve('libmpass/package.json'));
const read = (file) => readFileSync(new URL(file, manifest), 'utf8');

const throws = (use, name, message) =>
  assert.throws(use, (error) => error.name === name && message.test(error.message), use.toString());

test('every error of the engine is listed, in JavaScript and in its types', () => {
  const own = perform(operations.ERRORS, 0, undefined, (reply) =>
    reply.list(() => [reply.u16(), reply.text(), reply.text()]));
  // Names of functions and options differ between the languages.
  const unnamed = (rows) =>
    rows.map(([number, name, text]) => [number, name, text.replace(/`[^`]*`/g, '')]);
  assert.deepEqual(unnamed(ERRORS), unnamed(own));
  const [, union] = read('lists.d.ts').match(/type ErrorName =\n([^]*?);$/m);
  const typed = union.match(/(?<=^ {2}\| ')\w+/gm);
  assert.deepEqual(typed, ERRORS.map(([, name]) => name));
});

test('a short secret names the option', () => {
  throws(() => new Hotp(Secret.fromBase32('JBSWY3DPEHPK3PXP')), 'SecretTooShort', /allowShort: true/);
});

test('a fault of a secret has its place, and shows no other part of it', () => {
  const faults = [
    [() => Secret.fromBase32('JBSWY3DPEHPK3PX1'), 'Base32Digit', /^character 16 of the secret is 1,.*I or L/],
    [() => Secret.fromBase32('JBSWY3DP\nEHPK3P0P'), 'Base32Digit', /^line 2, character 7 of the secret is 0,.*O is/],
    [() => Secret.fromBase32('JBSW_Y3DP'), 'InvalidBase32', /: character 5$/],
    [() => Secret.fromHex('00ff 1O'), 'InvalidHex', /: character 7$/],
    [
      () => KeyUri.parse('otpauth://totp/a?issuer=b&secret=JBSWY3D1'),
      'Base32Digit',
      /^character 8 of the secret is 1,/,
    ],
  ];
  for (const [use, name, message] of faults) {
    throws(use, name, message);
    assert.throws(use, (error) => !/JBSW|00ff/.test(error.message));
  }
});

test('strict reading of a key URI names the cautions', () => {
  const uri = 'otpauth://totp/A%3Ax?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=B';
  const use = () => KeyUri.parse(uri, { strict: true });
  throws(use, 'UriNotStrict', /: IssuerDiffers, EncodedColon$/);
});

test('a time in milliseconds is refused by every method', () => {
  const secret = Secret.fromHex('3132333435363738393031323334353637383930');
  const totp = new Totp(secret);
  const ocra = new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08-T1M');
  for (const time of [Date.now(), BigInt(Date.now()), 253402300800]) {
    for (const use of [
      () => totp.generate(time),
      () => totp.generateValue(time),
      () => totp.timeStep(time),
      () => totp.remainingSeconds(time),
      () => totp.verify('755224', time),
      () => totp.verify('٧٥٥٢٢٤', time),
      () => totp.resynchronize(['755224', '287082'], time, 1, 1),
      () => new Totp(secret, { t0: time }).generate(59),
      () => ocra.respond({ question: '12345678', unixSeconds: time }),
    ]) {
      throws(use, 'TimeInMilliseconds', /milliseconds/);
    }
  }
  // The last second of the year 9999, and a time before T0, are times.
  assert.equal(totp.generate(253402300799).length, 6);
  assert.equal(new Totp(secret, { t0: 100 }).verify('755224', 99), null);
});

test('every export has a type, and every type an export', async () => {
  const types = ['index.d.ts', 'errors.d.ts', 'lists.d.ts', 'service.d.ts', 'tenant.d.ts',
    'tenants.d.ts'].map(read).join('\n');
  const declared = [...types.matchAll(/^export (?:declare )?(?:abstract )?(?:class|function|const) (\w+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'Handle');
  assert.deepEqual(declared.sort(), Object.keys(await import('libmpass')).sort());
});

test('the package says its version', () => {
  assert.equal(version(), JSON.parse(read('package.json')).version);
});

test('what is freed leaves no secret in the memory of the module', () => {
  const { memory } = glue.initSync();
  const before = memory.buffer.byteLength;
  const uri = KeyUri.parse('otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=b');
  const secret = uri.secret();
  const exposed = [secret.exposeBase32(), secret.exposeHex(), uri.expose()];
  assert.equal(secret.expose().length, 20);
  const written = KeyUri.write(secret, { account: 'a', issuer: 'an issuer of some length' });
  exposed.push(written.expose());
  const keyring = Keyring.generate();
  exposed.push(...keyring.expose().split(/\s+/).filter((word) => word.length === 64));
  for (const handle of [uri, secret, written, keyring]) handle.free();
  const left = Buffer.from(glue.initSync().memory.buffer);
  assert.ok(left.length >= before && exposed.length >= 6);
  // The allocator overwrites the beginning of freed memory.
  const found = exposed.map((text) => left.includes(text.slice(16)));
  assert.deepEqual(found, exposed.map(() => false));
});

test('packed values are read as written', () => {
  const input = new Packer();
  const long = new Uint8Array(3000).fill(7);
  input.u8(255).u16(0x0203).u32(0xfffffffe).u64(2 ** 53 - 1).u64((1n << 64n) - 1n).bool(true);
  input.text('\u0661 \u{1f4f1}').bytes(long).raw(Uint8Array.of(1, 2)).algorithm('sha-256');
  input.optional(undefined, input.u8).optional(null, input.u8).optional(0, input.u8);
  input.list(['a', 'b'], input.text);
  const output = new Unpacker(input.packed.slice());
  assert.deepEqual(
    [output.u8(), output.u16(), output.u32(), output.number(), output.u64(), output.bool()],
    [255, 0x0203, 0xfffffffe, 2 ** 53 - 1, (1n << 64n) - 1n, true]);
  assert.deepEqual(
    [output.text(), output.bytes(), output.raw(2), output.algorithm()],
    ['\u0661 \u{1f4f1}', long, Uint8Array.of(1, 2), 'SHA256']);
  assert.deepEqual(
    [output.optional(output.u8), output.optional(output.u8), output.optional(output.u8)],
    [null, null, 0]);
  assert.deepEqual([output.list(output.text), output.left], [['a', 'b'], 0]);
});

test('a packed input is erased after its call, whatever comes of it', () => {
  const input = new Packer();
  const packed = input.text('a secret').entropy(32).packed;
  assert.ok(packed.some((byte) => byte !== 0));
  input.wipe();
  assert.ok(packed.every((byte) => byte === 0) && input.packed.length === 0);
  let kept;
  const write = (bytes) => { kept = bytes.text('secret').packed; };
  assert.throws(() => perform(operations.SECRET_FROM_HEX, 0, write), MpassError);
  assert.ok(kept.length > 0 && kept.every((byte) => byte === 0));
});

test('a handle of another class reaches no object', () => {
  const secret = perform(operations.SECRET_GENERATE, 0, (input) => input.u8(1).entropy(64),
    (reply) => reply.number());
  assert.throws(() => perform(operations.HOTP_VERIFY, secret, (input) =>
    input.text('755224').u64(0).u32(0)), { number: 5 });
  perform(operations.FREE, secret);
  assert.throws(() => perform(operations.SECRET_EXPOSE, secret), { number: 5 });
});

test('an instance that trapped is never used again', () => {
  const secret = Secret.fromHex('3132333435363738393031323334353637383930');
  const hotp = new Hotp(secret);
  assert.equal(hotp.generate(0), '755224');
  // Corrupts the whole memory: the next call traps.
  const before = glue.initSync();
  new Uint8Array(before.memory.buffer).fill(0xff);
  const trapped = (error) => {
    assert.ok(error instanceof MpassError);
    assert.deepEqual([error.name, error.number], ['InstanceTrapped', 0]);
    return true;
  };
  assert.throws(() => Secret.generate(), trapped);
  assert.notEqual(glue.initSync().memory, before.memory);
  // Old handles throw but can be freed; new ones work.
  assert.throws(() => hotp.generate(0), trapped);
  assert.throws(() => new Hotp(secret), trapped);
  hotp.free();
  secret.free();
  const again = Secret.fromHex('3132333435363738393031323334353637383930');
  assert.equal(new Hotp(again).generate(0), '755224');
});

test('a failed source of entropy is an error of the engine', () => {
  const value = () => { throw new DOMException('refused', 'OperationError'); };
  Object.defineProperty(crypto, 'getRandomValues', { value, configurable: true });
  try {
    assert.throws(() => new Packer().entropy(32), (error) =>
      error instanceof MpassError && error.name === 'EntropyFailed' && error.number === 409
        && error.cause.message === 'refused');
  } finally {
    delete crypto.getRandomValues;
  }
});
