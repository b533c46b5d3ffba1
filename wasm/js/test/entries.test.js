// The entries of the installed package in Node, as ES modules and as CommonJS.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import * as whole from 'libmpass';
import * as loaded from 'libmpass/otp/init';
import { entryCases, nameOf, refusals } from './cases/entry.js';
import vectors from './vectors.js';

const require = createRequire(import.meta.url);
const ENTRIES = {
  otp: await import('libmpass/otp'),
  oath: await import('libmpass/oath'),
  challenge: await import('libmpass/challenge'),
  mpass: whole,
  login: await import('libmpass/login'),
};

for (const [entry, imported] of Object.entries(ENTRIES)) {
  const name = nameOf(entry);
  for (const [how, mpass] of [
    ['import', imported],
    ['require', require(name)],
    ['import inline', await import(`${name}/inline`)],
    ['require inline', require(`${name}/inline`)],
  ]) {
    const cases = Object.entries(entryCases(entry, mpass, vectors));
    // Other entries have the same module everywhere.
    const isSame = how.endsWith('inline') && ['mpass', 'login'].includes(entry);
    for (const [of, run] of isSame ? cases.slice(0, 1) : cases) {
      test(`${how} ${name}: ${of}`, run);
    }
  }
}

const moduleOf = (entry) => readFileSync(require.resolve(`libmpass/${entry}.wasm`));

/** What is not the module of an entry, and what the error has of it. */
const notModules = (entry) => {
  const other = entry === 'login' ? 'mpass' : 'login';
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  return [
    [{}, /not Object$/],
    [undefined, /not undefined$/],
    ['/otp.wasm', /not string$/],
    [new URL('https://a.example/otp.wasm'), /not URL$/],
    [new Response('', { status: 404 }), /status 404$/],
    [new Response('<!doctype html>'), /no module$/],
    [new Uint8Array(), /no module$/],
    [empty, /another module$/],
    [new WebAssembly.Module(empty), /another module$/],
    [moduleOf(other), new RegExp(`the module of ${nameOf(other)}$`)],
    [moduleOf(entry === 'oath' ? 'otp' : 'oath'), /the module of libmpass\/(otp|oath)$/],
  ];
};

test('every entry is initialised with its module, after others were refused', async () => {
  // That of `otp` is below.
  for (const entry of Object.keys(ENTRIES).slice(1)) {
    const name = nameOf(entry);
    const file = require.resolve(`libmpass/${entry}.wasm`);
    for (const mpass of [await import(`${name}/init`), require(`${name}/init`)]) {
      for (const [source, message] of notModules(entry)) {
        await assert.rejects(mpass.init(source), (error) =>
          error instanceof TypeError && error.message.startsWith(`init of ${name} `)
            && message.test(error.message), `${name}: ${message}`);
      }
      assert.throws(() => mpass.version(), /call init/);
      await mpass.init(new WebAssembly.Module(readFileSync(file)));
      assert.equal(mpass.version(), whole.version());
    }
  }
});

test('arrays of another realm and buffers are bytes', async () => {
  const foreign = (code) => runInNewContext(code);
  for (const { Hotp, Secret } of Object.values(ENTRIES)) {
    const code = new Hotp(Secret.fromBytes(new Uint8Array(20))).generate(0);
    for (const bytes of [foreign('new Uint8Array(20)'), Buffer.alloc(20)]) {
      const hotp = new Hotp(Secret.fromBytes(bytes));
      assert.equal(hotp.generate(0), code);
      const values = foreign('new Uint32Array(3)');
      assert.equal(hotp.generateRange(0, values), 3);
      assert.equal(values[0], Number(code));
    }
    assert.throws(() => Secret.fromBytes(foreign('[1, 2]')), /not Array$/);
    // Of another entry, with the same name.
    const { Secret: Other } = ENTRIES.oath.Secret === Secret ? ENTRIES.otp : ENTRIES.oath;
    assert.throws(() => new Hotp(Other.generate()), /another entry or copy of libmpass$/);
  }
});

test('the whole has no login, and says so', () => {
  const keyring = whole.Keyring.generate();
  const issuer = 'https://verify.example';
  assert.throws(() => new whole.Engine(keyring, { issuer }), /libmpass\/login/);
  assert.throws(() => new whole.Engine(keyring, { issuer: 'verify' }), { name: 'InvalidIssuer' });
  const { Engine, Keyring } = ENTRIES.login;
  new Engine(Keyring.generate(), { issuer }).free();
});

test('errors are those of the whole package, with their texts', () => {
  const shown = (mpass) => refusals(mpass).map(([, use]) => {
    try {
      return use();
    } catch ({ name, number, message }) {
      return { name, number, message };
    }
  });
  for (const mpass of Object.values(ENTRIES)) assert.deepEqual(shown(mpass), shown(whole));
});

test('an entry exports classes of the whole package, and its version', () => {
  for (const mpass of Object.values(ENTRIES)) {
    for (const name of Object.keys(mpass)) assert.ok(name in whole, name);
    assert.equal(mpass.version(), whole.version());
  }
  assert.ok('Ocra' in ENTRIES.oath && !('Ocra' in ENTRIES.otp));
});

/** A module that has the exports, and traps in every call. */
function trapping() {
  const name = (text) => [text.length, ...Buffer.from(text)];
  const section = (id, bytes) => [id, bytes.length, ...bytes];
  const [i32, func] = [0x7f, 0x60];
  return Uint8Array.from([
    0, ...Buffer.from('asm'), 1, 0, 0, 0,
    ...section(1, [3, func, 1, i32, 1, i32, func, 2, i32, i32, 0, func, 3, i32, i32, i32, 1, i32]),
    ...section(3, [3, 0, 1, 2]),
    ...section(5, [1, 0, 1]),
    ...section(7, [
      4, ...name('memory'), 2, 0, ...name('mpass_alloc'), 0, 0, ...name('mpass_free'), 0, 1,
      ...name('mpass_call'), 0, 2,
    ]),
    // i32.const 8; nothing; unreachable.
    ...section(10, [3, 4, 0, 0x41, 8, 0x0b, 2, 0, 0x0b, 3, 0, 0, 0x0b]),
  ]);
}

test('init takes bytes and a response; a trap ends the instance', async () => {
  const { Hotp, KeyUri, Secret, init } = loaded;
  const key = '3132333435363738393031323334353637383930';
  assert.throws(() => Secret.fromHex(key), /call init/);
  await init(trapping());
  assert.throws(() => Secret.fromHex(key), { name: 'InstanceTrapped', number: 0 });
  const bytes = readFileSync(require.resolve('libmpass/otp.wasm'));
  const { Instance } = WebAssembly;
  let memory;
  // What the package does not show.
  WebAssembly.Instance = function seen(module) {
    const instance = new Instance(module);
    ({ memory } = instance.exports);
    return instance;
  };
  try {
    await init(Promise.resolve(new Response(bytes)));
    const secret = Secret.fromHex(key);
    const hotp = new Hotp(secret);
    assert.equal(hotp.generate(0), '755224');
    const exposed = [secret.exposeBase32(), secret.exposeHex()];
    const uri = KeyUri.write(secret, { account: 'ann' });
    const parsed = KeyUri.parse(uri.expose());
    const read = [parsed.secret(), Secret.fromBase32(exposed[0])];
    for (const held of [uri, parsed, ...read]) held.free();
    secret.free();
    hotp.free();
    const left = Buffer.from(memory.buffer);
    assert.ok(left.length > 0);
    // The allocator overwrites the beginning of freed memory.
    assert.deepEqual(exposed.map((text) => left.includes(text.slice(16))), [false, false]);
    // Nor do moved objects leave copies, on the stack or in empty slots.
    assert.equal(left.includes(Buffer.from(key, 'hex').subarray(4)), false);

    const [other, first] = [Secret.fromHex(key), memory];
    new Uint8Array(memory.buffer).fill(0xff);
    assert.throws(() => Secret.fromHex(key), { name: 'InstanceTrapped' });
    assert.throws(() => other.expose(), { name: 'InstanceTrapped' });
    other.free();
    assert.equal(new Hotp(Secret.fromHex(key)).generate(0), '755224');
    assert.notEqual(memory, first);
  } finally {
    WebAssembly.Instance = Instance;
  }
});
