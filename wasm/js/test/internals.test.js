// What shows from inside the installed package only.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { ERRORS, Hotp, KeyUri, Keyring, MpassError, Secret, version } from 'libmpass';

const manifest = pathToFileURL(createRequire(import.meta.url).resolve('libmpass/package.json'));
const glue = await import(new URL('glue/mpass.js', manifest));
const { perform } = await import(new URL('instance.js', manifest));
const operations = await import(new URL('operations.js', manifest));
const read = (file) => readFileSync(new URL(file, manifest), 'utf8');

test('every error of the engine is listed, in JavaScript and in its types', () => {
  const own = perform(operations.ERRORS, 0, undefined, (reply) =>
    reply.list(() => [reply.u16(), reply.text(), reply.text()]));
  assert.deepEqual(ERRORS.map((row) => [...row]), own);
  const [, union] = read('lists.d.ts').match(/type ErrorName =\n([^]*?);$/m);
  const typed = union.match(/(?<=^ {2}\| ')\w+/gm);
  assert.deepEqual(typed, ERRORS.map(([, name]) => name));
});

test('every export has a type, and every type an export', async () => {
  const types = ['index.d.ts', 'errors.d.ts', 'lists.d.ts', 'service.d.ts', 'tenant.d.ts'].map(read).join('\n');
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
  // The allocator writes over the beginning of what is freed.
  const found = exposed.map((text) => left.includes(text.slice(16)));
  assert.deepEqual(found, exposed.map(() => false));
});

test('an instance that trapped is never used again', () => {
  const secret = Secret.fromHex('3132333435363738393031323334353637383930');
  const hotp = new Hotp(secret);
  assert.equal(hotp.generate(0), '755224');
  // Memory that nobody can make sense of: the next call traps.
  const before = glue.initSync();
  new Uint8Array(before.memory.buffer).fill(0xff);
  const trapped = (error) => {
    assert.ok(error instanceof MpassError);
    assert.deepEqual([error.name, error.number], ['InstanceTrapped', 0]);
    return true;
  };
  assert.throws(() => Secret.generate(), trapped);
  assert.notEqual(glue.initSync().memory, before.memory);
  // The old handles are dead and can be let go of; new ones live.
  assert.throws(() => hotp.generate(0), trapped);
  assert.throws(() => new Hotp(secret), trapped);
  hotp.free();
  secret.free();
  const again = Secret.fromHex('3132333435363738393031323334353637383930');
  assert.equal(new Hotp(again).generate(0), '755224');
});
