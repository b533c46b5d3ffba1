// Tests the example worker over real HTTP in workerd: administration, the login,
// parallel attempts, restarts and expiry. The contracts have suites of their own,
// which tests/suite/edge-worker runs.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Keyring } from 'libmpass';
import { equal, ok, throws } from './cases/assert.js';
import {
  BACK, DEVICE, NUMBER, authorize, redeem, signedClaims, verify,
} from './cases/services.js';
import { Client } from './edge/client.js';
import { startOperator } from './edge/operator.js';
import { ISSUER } from './edge/run.js';
import { show } from './show.js';
import { version, withDirectory } from './workerd-run.js';

const PARALLEL = 64;
const TRIES = 5;
const ACCEPT = '0';
const REJECT = '3';
const INTERNAL = '100';
const DAY_MS = 86_400_000;
/** Values that expire. */
const SOME = 30;

const operator = await startOperator();

/** A keyring as the README has it written, once. */
function written(directory) {
  const write = () => execFileSync(
    process.execPath, [resolve('edge-worker/keyring.js')], { cwd: directory, stdio: 'pipe' });
  write();
  throws(write, 'Error', 'a keyring was replaced');
  const file = join(directory, 'mpass.keyring');
  equal(statSync(file).mode & 0o777, 0o600);
  return Keyring.parse(readFileSync(file, 'utf8'));
}

/** Keys for RS256 as the README has them written. */
function keysWritten(directory) {
  execFileSync(process.execPath, [resolve('edge-worker/signing-key.js')], { cwd: directory });
  const file = join(directory, 'mpass.signing-keys');
  equal(statSync(file).mode & 0o777, 0o600);
  return readFileSync(file, 'utf8');
}

/** A different code of the same length. */
const wrong = (code) => code.replace(/.$/, (last) => (last === '0' ? '1' : '0'));

/** Waits until a condition holds. */
async function until(holds) {
  for (const end = Date.now() + 30_000; !await holds();) {
    ok(Date.now() < end, `${holds} does not hold`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function administration(edge) {
  equal((await edge.ask('GET', '/mpass-web/rest/mv/msg')).status, 503);
  equal((await edge.post('/admin/store/initialize', [], 'another')).status, 403);
  equal((await edge.ask('GET', '/admin/store/initialize')).status, 403);
  equal((await edge.post('/admin/store/initialize')).json.isClosed, false);
  for (const path of ['store/toString', 'tenants/constructor', 'tenants', 'shops/create']) {
    equal((await edge.post(`/admin/${path}`)).status, 404);
  }
  const create = (...parameters) => edge.post('/admin/tenants/create', parameters);
  equal((await edge.post('/admin/tenants/create', [], 'another')).status, 403);
  await edge.channel('shop');
  equal((await create('channel', { name: 'shop' })).json.error, 'NameTaken');
  equal((await create('shop', { name: 'shop' })).json.error, 'TypeError');
  equal((await edge.post('/admin/tenants/create', 'x')).json.error, 'TypeError');
  const { name } = (await create('customer', { testCredits: 2 })).json;
  equal((await edge.post('/admin/tenants/addCredits', [name, 3])).json, 5);
  const [customer] = (await edge.post('/admin/tenants/list', ['customer'])).json;
  equal([customer.name, customer.testCredits], [name, 2]);
  equal((await edge.post('/admin/tenants/revoke', ['customer', name])).json.name, name);
  equal((await edge.post('/admin/tenants/credits', [name])).json.error, 'TenantRevoked');
  equal((await edge.post('/admin/tenants/unlock', ['channel', 'shop', NUMBER])).json.error,
    'NumberMissing');
  equal((await edge.post('/admin/store/activate', [7])).json.error, 'UnknownRecordKey');
}

async function exchange(edge) {
  const dest = '+966500000000';
  equal(await edge.send(dest), ACCEPT);
  equal(edge.inbox.at(-1).to, dest);
  equal(await edge.verify(dest, wrong(edge.code())), REJECT);
  equal(await edge.verify(dest, edge.code()), ACCEPT);
  equal(await edge.verify(dest, edge.code()), REJECT);
}

/** A code that the gateway refused is void; one that it may have sent is not. */
async function gateways(edge) {
  const answers = [
    [200, ACCEPT, ACCEPT], [400, INTERNAL, REJECT], [500, INTERNAL, ACCEPT], [302, INTERNAL, ACCEPT],
  ];
  for (const [at, [status, sent, verified]] of answers.entries()) {
    const dest = `+96650000030${at}`;
    operator.answers.push(status);
    equal([status, await edge.send(dest)], [status, sent]);
    equal([status, await edge.verify(dest, edge.code())], [status, verified]);
  }
}

async function login(edge) {
  const { credential: secret } = (await edge.post('/admin/tenants/create', [
    'client', { name: 'app', redirectUris: [BACK] },
  ])).json;
  const unknown = new URL((await authorize(edge, '10.20.0.8')).header('Location'));
  equal(unknown.searchParams.get('error'), 'login_required');
  operator.devices.set(DEVICE, { phoneNumber: NUMBER });
  for (const [at, number] of [NUMBER, '+966500000001'].entries()) {
    const back = new URL((await authorize(edge, DEVICE)).header('Location'));
    const given = await redeem(edge, secret, back.searchParams.get('code'));
    equal(given.status, 200);
    const { access_token: token, id_token: idToken } = given.json;
    equal((await signedClaims(edge, idToken)).iss, ISSUER);
    const said = await verify(edge, token, number);
    equal(said.json, { devicePhoneNumberVerified: at === 0 });
    equal((await verify(edge, token, number)).status, 401);
    const again = await redeem(edge, secret, back.searchParams.get('code'));
    equal(again.json.error, 'invalid_grant');
  }
}

/** The client of the login before, once its ID tokens are to be signed with RS256. */
async function rs256(edge) {
  const changes = { idTokenAlg: 'RS256' };
  equal((await edge.post('/admin/tenants/update', ['client', 'app', changes])).status, 200);
  const { credential } = (await edge.post('/admin/tenants/rotate', ['client', 'app'])).json;
  const back = new URL((await authorize(edge, DEVICE)).header('Location'));
  const { id_token: token } = (await redeem(edge, credential, back.searchParams.get('code'))).json;
  const [head, claims, signature] = token.split('.');
  const { alg, kid } = JSON.parse(atob(head));
  equal(alg, 'RS256');
  const { json: { jwks_uri: uri } } = await edge.ask('GET', '/.well-known/openid-configuration');
  const { keys } = (await edge.ask('GET', new URL(uri).pathname)).json;
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey(
    'jwk', keys.find((jwk) => jwk.kid === kid), algorithm, false, ['verify']);
  const bytes = Buffer.from(signature, 'base64url');
  ok(await crypto.subtle.verify(algorithm, key, bytes, Buffer.from(`${head}.${claims}`)));
}

async function rightCodes(edge) {
  let attempts = 0;
  for (let round = 0; round < 4; round += 1) {
    const dest = `+96650000010${round}`;
    equal(await edge.send(dest), ACCEPT);
    const otp = edge.code();
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, () => edge.verify(dest, otp)));
    equal(answers.filter((status) => status === ACCEPT).length, 1);
    equal(answers.filter((status) => status === REJECT).length, PARALLEL - 1);
    attempts += answers.length;
  }
  return attempts;
}

/** Every code that is compared is paid for by a swap that is stored. */
async function wrongCodes(edge) {
  let attempts = 0;
  for (let round = 0; round < 4; round += 1) {
    const dest = `+96650000020${round}`;
    equal(await edge.send(dest), ACCEPT);
    const otp = edge.code();
    const { stored: before } = await edge.watched();
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, () => edge.verify(dest, wrong(otp))));
    ok(answers.every((status) => status === REJECT), `${answers}`);
    const compared = (await edge.watched()).stored - before;
    equal(compared, TRIES);
    equal(await edge.verify(dest, otp), REJECT);
    attempts += answers.length;
  }
  return attempts;
}

/** Killed between the message and the code, and after the code. */
async function restarts(edge) {
  const [first, second] = ['+966500000400', '+966500000401'];
  equal(await edge.send(first), ACCEPT);
  const otp = edge.code();
  equal(await edge.send(second), ACCEPT);
  const other = edge.code();
  for (let n = 1; n < TRIES; n += 1) equal(await edge.verify(second, wrong(other)), REJECT);
  await edge.restart();
  equal(await edge.verify(first, otp), ACCEPT);
  equal(await edge.verify(second, wrong(other)), REJECT);
  await edge.restart();
  equal(await edge.verify(first, otp), REJECT);
  equal(await edge.verify(second, other), REJECT);
  // Attempts that a kill cuts off: at most one of them was accepted.
  equal(await edge.send('+966500000402'), ACCEPT);
  const cut = edge.code();
  const running = Promise.all(Array.from({ length: PARALLEL }, () =>
    edge.verify('+966500000402', cut).catch(() => 'cut off')));
  await edge.restart();
  const answers = [...await running, await edge.verify('+966500000402', cut)];
  ok(answers.filter((status) => status === ACCEPT).length <= 1, `${answers}`);
}

async function otherKeyrings(edge) {
  await edge.restart(Keyring.generate());
  equal((await edge.ask('GET', '/mpass-web/rest/mv/msg')).status, 503);
  equal((await edge.post('/admin/store/initialize')).json.error, 'OtherKeyring');
  await edge.restart();
  equal(await edge.send('+966500000500'), ACCEPT);
}

/** After a restore what was issued before is void, and the store is closed at first. */
async function restored(edge) {
  const dest = '+966500000600';
  equal(await edge.send(dest), ACCEPT);
  const otp = edge.code();
  equal((await edge.post('/admin/store/restored')).json.isClosed, true);
  await until(async () => (await edge.verify(dest, otp)) === INTERNAL);
  equal((await edge.post('/admin/store/confirm')).json.isClosed, false);
  await until(async () => (await edge.verify(dest, otp)) !== INTERNAL);
  equal(await edge.verify(dest, otp), REJECT);
}

/** Alarms drop what has expired, in batches, also after a restart, and nothing else. */
async function expiry(edge) {
  const world = edge.inWorld('expiry');
  // Keys of one object, which drops 3 values at a time.
  const key = (n) => `00${n.toString(16).padStart(2, '0')}`.repeat(8);
  const insert = (n, expiresAtMs, kind = 'state') =>
    world.store('swap', { kind, key: key(n), expected: null, value: 'ab', expiresAtMs });
  const soon = Date.now() + 3000;
  const inserted = await Promise.all([
    ...Array.from({ length: SOME }, (_, n) => insert(n, soon + n % 10)),
    insert(SOME, soon + DAY_MS),
    insert(SOME, null, 'document'),
  ]);
  ok(inserted.every(({ stored }) => stored), 'not stored');
  equal((await world.watched()).values, SOME + 2);
  await until(async () => (await world.watched()).values === 2);
  for (const kind of ['state', 'document']) {
    equal(await world.store('load', { kind, key: key(SOME) }), 'ab');
  }
  // After a clock was set back, what was dropped is not stored anew, but others are.
  equal(await insert(1, soon + 9), { stored: false, expired: true });
  equal((await insert(1, soon + 10)).stored, true);
  await until(async () => (await world.watched()).values === 2);
  const later = Date.now() + 3000;
  equal((await insert(2, later)).stored, true);
  // An alarm that failed too often is set again when the object starts.
  equal((await world.ask('POST', '/.test/forget-alarms', { body: 'null' })).status, 200);
  await edge.restart();
  await until(async () => (await world.watched()).values === 2);
  equal(await insert(2, later), { stored: false, expired: true });
}

const CHECKS = {
  'a store is initialized, and tenants are created, by the administrator': administration,
  'the exchange: sent, rejected, accepted, and used': exchange,
  'a gateway sends, refuses, or may have sent': gateways,
  'login: a device that its network knows, to a verified number': login,
  'login: an ID token that the key in a secret signs': rs256,
  'server: of right codes at once exactly one is accepted': rightCodes,
  'server: of wrong codes at once only as many are compared as there are tries': wrongCodes,
  'what was told is still there after a kill': restarts,
  'a store is refused by another keyring': otherKeyrings,
  'a restored store is closed, and what was issued before is void': restored,
  'expiry: alarms drop what has expired': expiry,
};

const results = [];
await withDirectory(async (directory) => {
  const keyring = written(directory);
  const edge = await Client.start({ directory, keyring, operator, signingKeys: keysWritten(directory) });
  try {
    for (const [name, check] of Object.entries(CHECKS)) {
      const result = { name, passed: false };
      results.push(result);
      try {
        result.count = (await check(edge)) ?? null;
        result.passed = true;
      } catch (error) {
        result.message = `${error.stack}`;
      }
    }
  } finally {
    await edge.stop();
    operator.close();
  }
});
show(`examples/edge-worker in workerd ${version}`, results);
