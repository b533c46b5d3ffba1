// What of secrets is left in the memory of an instance once their objects are freed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { nameOf } from './cases/entry.js';

const require = createRequire(import.meta.url);
const ENTRIES = ['otp', 'oath', 'challenge', 'mpass', 'login'];
const SECRET = Buffer.from('6f1d02a9c4e8537b90aa4cd1e2f6b87305194e2d', 'hex');
const ACCOUNT = 'an account of some length';
/** Bytes at the beginning of freed memory that the allocator overwrites. */
const LINK = 16;

/** The exports of an entry, and the memory of its instance. */
async function started(entry) {
  const mpass = await import(`${nameOf(entry)}/init`);
  const { Instance } = WebAssembly;
  const seen = {};
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      seen.memory = this.exports.memory;
    }
  };
  try {
    await mpass.init(readFileSync(require.resolve(`libmpass/${entry}.wasm`)));
    mpass.version();
  } finally {
    WebAssembly.Instance = Instance;
  }
  return { mpass, left: () => Buffer.from(seen.memory.buffer) };
}

// One after the other: each replaces what makes instances.
const STARTED = {};
for (const entry of ENTRIES) STARTED[entry] = await started(entry);

/** Uses every kind of object that holds a secret, and frees it. */
function useCodes({ Hotp, KeyUri, Secret, Totp }, held) {
  const secret = Secret.fromBytes(SECRET);
  const [base32, hex] = [secret.exposeBase32(), secret.exposeHex()];
  secret.expose();
  const uri = KeyUri.write(secret, { account: ACCOUNT, issuer: 'ACME' });
  const read = KeyUri.parse(uri.expose());
  const [totp, hotp] = [read.totp(), new Hotp(secret, { algorithm: 'SHA512' })];
  totp.verify(totp.generate(59), 59);
  totp.resynchronize(['1', '2'], 59, 1, 1);
  hotp.verify(hotp.generate(1), 1, 9);
  held.push(secret, uri, read, totp, hotp, read.secret(), Secret.fromBase32(base32),
    Secret.fromHex(hex), new Totp(secret, { algorithm: 'SHA256' }));
  return [SECRET, base32, hex];
}

function useOcra({ Ocra, Secret }, held) {
  const secret = Secret.fromBytes(SECRET);
  const ocra = new Ocra(secret, 'OCRA-1:HOTP-SHA512-8:C-QN08-PSHA1');
  const inputs = { question: '12345678', counter: 1, pin: 'a PIN of some letters' };
  ocra.verify(ocra.respond(inputs), inputs, { lookAhead: 5 });
  held.push(secret, ocra);
  return [inputs.pin];
}

async function useChallenges(mpass, held) {
  const { Challenge, Keyring, MemoryStore, Policy, Secret, Token, Totp } = mpass;
  const keyring = Keyring.generate();
  const store = new MemoryStore(100);
  await mpass.initializeStore(keyring, store);
  await mpass.activateStoreKey(keyring, store, keyring.add());
  keyring.activate(2);
  const read = Keyring.parse(keyring.expose());
  await mpass.openStore(read, store);
  const challenge = new Challenge(keyring, new Policy(), {
    service: 'login', tenant: Uint8Array.of(1), subject: { account: 'ann' },
  });
  const { issued } = await challenge.issue(store);
  await challenge.attempt(store, issued.code);
  const secret = Secret.fromBytes(SECRET);
  const totp = new Totp(secret);
  const token = new Token(read, Uint8Array.of(1), Uint8Array.of(2));
  await token.attemptTotp(store, totp, '123456');
  const text = keyring.expose();
  const keys = text.split(/\s+/).filter((word) => /^[0-9a-f]{64}$/.test(word));
  assert.equal(keys.length, 3);
  if (mpass.serve) await useServices(mpass, keyring, store, held);
  held.push(keyring, read, challenge, issued, secret, totp, token, store);
  return [...keys, ...keys.map((key) => Buffer.from(key, 'hex'))];
}

async function useServices({ Engine, Tenants, serve }, keyring, store, held) {
  const tenants = new Tenants(keyring, store);
  const { credential } = await tenants.create('channel', { name: 'shop' });
  const engine = new Engine(keyring);
  const host = { store, deliver: async () => 'delivered' };
  const query = `apikey=${credential}&dest=%2B966500000000`;
  const request = { method: 'GET', path: '/mpass-web/rest/mv/msg', query, peer: '127.0.0.1' };
  assert.match(Buffer.from((await serve(engine, request, host)).body).toString(), /Accept/);
  held.push(tenants, engine);
}

/** Whether a value is in the memory, apart from its beginning. */
const has = (memory, value) =>
  memory.includes(value.length < 2 * LINK ? value.slice(value.length - 12) : value.slice(LINK));

for (const entry of ENTRIES) {
  test(`${nameOf(entry)}: what is freed leaves no secret in the memory`, async () => {
    const { mpass, left } = STARTED[entry];
    const [held, secrets] = [[], []];
    secrets.push(...useCodes(mpass, held));
    if (mpass.Ocra) secrets.push(...useOcra(mpass, held));
    if (mpass.Challenge) secrets.push(...await useChallenges(mpass, held));
    // What is looked for is found while it is in use.
    assert.ok(has(left(), SECRET));
    for (const handle of held) handle.free();
    const found = secrets.map((secret, at) => (has(left(), secret) ? at : undefined));
    assert.deepEqual(found.filter((at) => at !== undefined), []);
  });
}

/** The stack is the first MiB; what is above the frames of operations is not wiped. */
const STACK = { begin: 0, end: 1024 * 1024 - 512 };

/** Calls of an entry, those with the deepest stacks among them. */
function calls(mpass) {
  const { Hotp, KeyUri, Secret, Totp } = mpass;
  const secret = Secret.fromBytes(SECRET);
  const [totp, hotp] = [new Totp(secret, { algorithm: 'SHA256' }), new Hotp(secret)];
  return [
    () => secret.exposeBase32(),
    () => KeyUri.write(secret, { account: ACCOUNT }).expose(),
    () => totp.generate(59),
    () => totp.verify('١٢٣٤٥٦', 59, 50, 50),
    () => hotp.verify('123456', 0, 50),
    () => hotp.generateRange(0, new Uint32Array(100)),
    ...(mpass.Ocra ? [() => useOcra(mpass, [])] : []),
    ...(mpass.Challenge ? [() => useChallenges(mpass, [])] : []),
  ];
}

test('no call leaves anything on the stack', async () => {
  for (const entry of ENTRIES) {
    const { mpass, left } = STARTED[entry];
    for (const use of calls(mpass)) {
      await use();
      const stack = left().subarray(STACK.begin, STACK.end);
      const used = stack.findIndex((byte) => byte !== 0);
      assert.ok(used < 0, `${entry}: ${use}: ${STACK.end - used} bytes`);
    }
  }
});

test('the memory grows by parts, and what was freed is used again', () => {
  for (const entry of ['otp', 'mpass']) {
    const { mpass: { Hotp, Secret }, left } = STARTED[entry];
    const secret = Secret.fromBytes(SECRET);
    const sizes = new Set();
    const fill = (most) => Array.from({ length: most }, () => {
      sizes.add(left().length);
      return new Hotp(secret);
    });
    // Every second one is freed, so that what is free is between what is used.
    const held = fill(20_000);
    assert.ok(sizes.size < 30, `${sizes.size} sizes`);
    const grown = [];
    for (let round = 0; round < 4; round += 1) {
      for (let at = 0; at < held.length; at += 2) held[at].free();
      fill(held.length / 2).forEach((hotp, at) => { held[2 * at] = hotp; });
      grown.push(left().length);
    }
    // The first round makes the list of free handles.
    assert.deepEqual(grown.slice(1), grown.slice(1).fill(grown[0]));
    for (const hotp of held) hotp.free();
  }
});
