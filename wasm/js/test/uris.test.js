// Key URIs in a module of their own, where the module is a part of the script.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { pathToFileURL } from 'node:url';

const manifest = pathToFileURL(createRequire(import.meta.url).resolve('libmpass/package.json'));
const SECRET = Buffer.from('6f1d02a9c4e8537b90aa4cd1e2f6b87305194e2d', 'hex');
const URI = 'otpauth://totp/ACME:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME';
/** Bytes at the beginning of freed memory that the allocator overwrites. */
const LINK = 16;

let copies = 0;

/** A new copy of an entry, and the memories of the instances that `use` makes with it. */
async function started(entry, use) {
  copies += 1;
  const mpass = await import(new URL(`${entry}/inline.js?${copies}`, manifest));
  const { Instance } = WebAssembly;
  const memories = [];
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      memories.push(this.exports.memory);
    }
  };
  try {
    return { mpass, memories, used: use(mpass) };
  } finally {
    WebAssembly.Instance = Instance;
  }
}

const bytesOf = (memory) => Buffer.from(memory.buffer);
const totpOf = ({ Secret, Totp }) => new Totp(Secret.fromBytes(SECRET));

for (const entry of ['otp', 'oath', 'challenge']) {
  test(`${entry}: codes alone have one instance, key URIs another one`, async () => {
    const codes = await started(entry, (mpass) => totpOf(mpass).generate(59));
    assert.equal(codes.memories.length, 1);
    const parsed = await started(entry, ({ KeyUri }) => KeyUri.parse(URI).totp().generate(59));
    assert.deepEqual([parsed.memories.length, parsed.used], [2, '287082']);
  });

  test(`${entry}: a secret that went to the other instance and back is in neither`, async () => {
    let letters;
    const { memories, used: held } = await started(entry, ({ KeyUri, Secret }) => {
      const secret = Secret.fromBytes(SECRET);
      letters = secret.exposeBase32().slice(LINK);
      const uri = KeyUri.write(secret, { account: 'ann', issuer: 'ACME' });
      return [secret, uri, uri.totp(), uri.secret(), KeyUri.parse(uri.expose())];
    });
    const holds = () => memories.map((memory) =>
      [SECRET.subarray(LINK), letters].map((part) => bytesOf(memory).includes(part)));
    assert.deepEqual(Buffer.from(held[3].expose()), SECRET);
    // What is looked for is found while it is in use.
    assert.deepEqual(holds(), [[true, false], [false, true]]);
    for (const handle of held) handle.free();
    assert.deepEqual(holds(), [[false, false], [false, false]]);
  });
}

test('a trap in key URIs ends their instance, and no code', async () => {
  const use = (mpass) => [totpOf(mpass), mpass.KeyUri.parse(URI)];
  const { mpass: { KeyUri }, memories, used: [totp, uri] } = await started('otp', use);
  const code = totp.generate(59);
  // Corrupts the whole memory: the next call traps.
  bytesOf(memories[1]).fill(255);
  assert.throws(() => uri.expose(), { name: 'InstanceTrapped', number: 0 });
  assert.throws(() => uri.secret(), { name: 'InstanceTrapped' });
  uri.free();
  assert.equal(totp.generate(59), code);
  assert.equal(KeyUri.parse(URI).expose(), URI);
});

test('a URI that is refused leaves no secret lent', async () => {
  const { memories, used: error } = await started('otp', ({ KeyUri, Secret }) => {
    const secret = Secret.fromBytes(SECRET);
    try {
      return KeyUri.write(secret, { account: '' });
    } catch (thrown) {
      return thrown;
    } finally {
      secret.free();
    }
  });
  assert.equal(error.name, 'InvalidLabel');
  const left = memories.map((memory) => bytesOf(memory).includes(SECRET.subarray(LINK)));
  assert.deepEqual(left, [false, false]);
});
