// The stores over Redis and PostgreSQL, against the servers themselves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import Redis from 'ioredis';
import { Engine, Keyring, Tenants, initializeStore, openStore, probe, serve } from 'libmpass';
import { PostgresStore } from 'libmpass/stores/postgres';
import { RedisStore } from 'libmpass/stores/redis';
import pg from 'pg';
import { createClient } from 'redis';
import { freePort, postgres, redis } from './servers.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const key = () => new Uint8Array(randomBytes(16));
const state = (at, expected, value, expiresAtMs = null) =>
  ({ kind: 'state', key: at, expected, value, expiresAtMs });
const document = (at, expected, value) => ({ ...state(at, expected, value), kind: 'document' });

/** The clients, each with a way to make a store over a connection of its own. */
const CLIENTS = {
  async ioredis(server) {
    const client = new Redis({ path: server.socket, maxRetriesPerRequest: 1 });
    client.on('error', () => {});
    return { store: (settings) => new RedisStore(client, settings), client, close: () => client.disconnect() };
  },
  async 'node-redis'(server) {
    const client = createClient({ socket: { path: server.socket } });
    client.on('error', () => {});
    await client.connect();
    return { store: (settings) => new RedisStore(client, settings), client, close: () => client.destroy() };
  },
  async pg(server) {
    const client = new pg.Pool({ ...server.connection, max: 8 });
    client.on('error', () => {});
    await new PostgresStore(client).migrate();
    return { store: (settings) => new PostgresStore(client, settings), client, close: () => client.end() };
  },
};

/** Runs a test with each client of a kind of server. */
function withEach(start, names, about, use) {
  for (const name of names) {
    test(`${name}: ${about}`, async () => {
      const server = await start();
      const one = await CLIENTS[name](server);
      const two = await CLIENTS[name](server);
      try {
        await use({ ...one, other: two, server, name });
      } finally {
        await Promise.allSettled([one.close(), two.close()]);
        await server.stop();
      }
    });
  }
}

const REDIS = ['ioredis', 'node-redis'];
const withRedis = (about, use) => withEach(redis, REDIS, about, use);
const withPostgres = (about, use) => withEach(postgres, ['pg'], about, use);
const withAll = (about, use) => { withRedis(about, use); withPostgres(about, use); };

/** One store whose calls alternate between two connections. */
function alternating(one, other) {
  let count = 0;
  const next = () => [one, other][(count += 1) % 2];
  return {
    load: (...of) => next().load(...of), swap: (...of) => next().swap(...of), list: (...of) => next().list(...of),
  };
}

withAll('it is a store, on two connections', async ({ store, other }) => {
  await probe(alternating(store(), other.store()), { parallel: 16, rounds: 4 });
});

withAll('a value that is replaced by itself is stored', async ({ store }) => {
  const [at, value] = [key(), key()];
  assert.deepEqual(await store().swap(state(at, null, value), Date.now()), { stored: true });
  assert.deepEqual(await store().swap(state(at, value, value), Date.now()), { stored: true });
  assert.deepEqual(await store().load('state', at), value);
});

withAll('tenants and challenges are shared, and a code is accepted once', async ({ store, other }) => {
  const keyring = Keyring.generate();
  const texts = [];
  const sides = [];
  await initializeStore(keyring, store());
  for (const held of [store(), other.store()]) {
    const engine = new Engine(keyring);
    engine.apply(await openStore(keyring, held));
    const deliver = async ({ text }) => { texts.push(text); return 'delivered'; };
    sides.push({ engine, host: { store: held, deliver } });
  }
  const { credential } = await new Tenants(keyring, store()).create('channel', { name: 'shop' });
  const ask = async ({ engine, host }, path, parameters) => {
    const query = `apikey=${credential}&dest=%2B966500000000${parameters}`;
    const reply = await serve(engine, { method: 'GET', path, query, peer: '127.0.0.1' }, host);
    return JSON.parse(new TextDecoder().decode(reply.body)).description;
  };
  assert.equal(await ask(sides[0], '/mpass-web/rest/mv/msg', ''), 'Accept');
  const [code] = texts[0].match(/\d{6}/);
  const attempts = Array.from({ length: 16 }, (_, at) =>
    ask(sides[at % 2], '/mpass-web/rest/mv/verify', `&otp=${code}`));
  const told = await Promise.all(attempts);
  assert.equal(told.filter((description) => description === 'Accept').length, 1, told.join());
});

withAll('after its connections are cut, it goes on', async ({ store, name, other }) => {
  const held = store();
  const at = key();
  await held.swap(state(at, null, at), Date.now());
  if (name === 'pg') {
    await other.client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1', ['client backend']);
  } else {
    const kill = ['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'];
    await (name === 'ioredis' ? other.client.call(...kill) : other.client.sendCommand(kill));
  }
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      assert.deepEqual(await held.load('state', at), at);
      break;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
  const next = key();
  assert.deepEqual(await held.swap(state(at, at, next), Date.now()), { stored: true });
});

withRedis('a server that does not answer leaves a swap unknown', async ({ store, server }) => {
  const held = store({ timeoutMs: 500 });
  const at = key();
  await held.swap(state(at, null, at), Date.now());
  server.signal('SIGSTOP');
  await assert.rejects(held.swap(state(at, at, key()), Date.now()), { name: 'StoreUnknown' });
  await assert.rejects(held.load('state', at), { name: 'StoreUnknown' });
  server.signal('SIGCONT');
  assert.ok(await store({ timeoutMs: 20_000 }).load('state', at));
});

withPostgres('a row that another transaction holds leaves a swap unknown', async ({ store, other }) => {
  const at = key();
  await store().swap(state(at, null, at), Date.now());
  const holder = await other.client.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM mpass_state WHERE key = $1 FOR UPDATE', [Buffer.from(at)]);
    await assert.rejects(
      store({ timeoutMs: 300 }).swap(state(at, at, key()), Date.now()), { name: 'StoreUnknown' });
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
});

withPostgres('what would lose values is refused', async ({ store, client, server }) => {
  const swap = () => state(key(), null, key());
  const open = await client.connect();
  await open.query('BEGIN');
  // A pool that gives the connection with the transaction.
  const pool = { totalCount: 1, connect: async () => open };
  await assert.rejects(new PostgresStore(pool).swap(swap(), Date.now()),
    { name: 'StoreFailed', message: 'the connection is inside a transaction' });
  for (const [options, message] of [
    ['-c synchronous_commit=off', 'synchronous_commit is off'],
    ['-c default_transaction_read_only=on', 'the connection is read-only'],
  ]) {
    const lax = new pg.Pool({ ...server.connection, options });
    await assert.rejects(new PostgresStore(lax).swap(swap(), Date.now()), { name: 'StoreFailed', message });
    await lax.end();
  }
  assert.deepEqual(await store().swap(swap(), Date.now()), { stored: true });
});

withPostgres('what was removed is not stored anew', async ({ store, client }) => {
  const [held, now] = [store(), Date.now()];
  const [old, fresh, lasting] = [key(), key(), key()];
  await held.swap(state(old, null, old, now - 2 * DAY_MS), now);
  await held.swap(state(fresh, null, fresh, now - HOUR_MS), now);
  await held.swap(state(lasting, null, lasting), now);
  // Announced, then removed.
  assert.equal(await held.removeExpired(), 0);
  assert.deepEqual(await held.load('state', old), old);
  assert.equal(await held.removeExpired(), 1);
  assert.equal(await held.removeExpired(), 0);
  assert.equal(await held.load('state', old), null);
  assert.deepEqual(await held.swap(state(old, null, old, now - 2 * DAY_MS), now), { stored: false, expired: true });
  assert.deepEqual(await held.swap(state(old, null, old, now), now), { stored: true });
  assert.deepEqual(await held.load('state', fresh), fresh);
  const { rows } = await client.query('SELECT count(*)::integer AS count FROM mpass_state WHERE expires_at IS NULL');
  assert.equal(rows[0].count, 1);
});

withPostgres('a deadlock and a serialization failure are tried again', async ({ store, server }) => {
  const strict = new pg.Pool({
    ...server.connection, max: 16, options: '-c default_transaction_isolation=serializable',
  });
  const held = new PostgresStore(strict);
  const at = key();
  await held.swap(state(at, null, at), Date.now());
  const values = Array.from({ length: 16 }, key);
  const swaps = await Promise.all(values.map((value) => held.swap(state(at, at, value), Date.now())));
  assert.equal(swaps.filter(({ stored }) => stored).length, 1);
  assert.ok(await store().load('state', at));
  await strict.end();
});

withRedis('Redis drops states a day late, and never without an expiry', async ({ store, server }) => {
  const admin = new Redis({ path: server.socket });
  const [held, now, short, lasting] = [store(), Date.now(), key(), key()];
  await held.swap(state(short, null, short, now + HOUR_MS), now);
  await held.swap(state(lasting, null, lasting), now);
  const life = (at) => admin.pttl(Buffer.concat([Buffer.from('mpass:s:'), at]));
  const left = await life(short);
  assert.ok(left > DAY_MS && left <= DAY_MS + HOUR_MS, `${left}`);
  assert.equal(await life(lasting), -1);
  // A state that expires no longer.
  await held.swap(state(short, short, lasting), now);
  assert.equal(await life(short), -1);
  admin.disconnect();
});

withRedis('the script is given again after Redis has forgotten it', async ({ store, server }) => {
  const admin = new Redis({ path: server.socket });
  const held = store();
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await held.swap(document(key(), null, key()), Date.now()), { stored: true });
    await admin.script('FLUSH');
  }
  admin.disconnect();
});

withRedis('a list has all documents, whatever is deleted meanwhile', async ({ store, server }) => {
  const admin = new Redis({ path: server.socket });
  const held = store({ prefix: 'shop/' });
  const keys = Array.from({ length: 600 }, key);
  await Promise.all(keys.map((at) => held.swap(document(at, null, at), Date.now())));
  const all = await held.list(null, 1000);
  assert.deepEqual(all.map(({ key: at }) => Buffer.from(at).toString('hex')),
    keys.map((at) => Buffer.from(at).toString('hex')).sort());
  assert.equal((await store().list(null, 1000)).length, 0);
  await admin.hdel('shop/d', Buffer.from(all[0].key));
  assert.equal((await held.list(null, 599)).length, 599);
  admin.disconnect();
});

withRedis('without the replica, nothing is stored', async ({ store }) => {
  const at = key();
  const held = store({ acknowledge: { replicas: 1, timeoutMs: 100 } });
  await assert.rejects(held.swap(state(at, null, at), Date.now()), { name: 'StoreFailed' });
  // The swap's own value is no proof of it.
  await assert.rejects(held.swap(state(at, null, at), Date.now()), { name: 'StoreFailed' });
  assert.deepEqual(await store().load('state', at), at);
});

withRedis('without memory, a swap is refused', async ({ store, server }) => {
  const admin = new Redis({ path: server.socket });
  await admin.config('SET', 'maxmemory', '1');
  admin.disconnect();
  await assert.rejects(store().swap(state(key(), null, key()), Date.now()), { name: 'StoreFull' });
});

test('a swap is stored once the replica has it, and not while it is stopped', async () => {
  const port = await freePort();
  const master = await redis('--port', String(port), '--bind', '127.0.0.1', '--repl-diskless-sync-delay', '0');
  const replica = await redis('--replicaof', '127.0.0.1', String(port));
  const client = new Redis({ path: master.socket });
  try {
    const held = new RedisStore(client, { acknowledge: { replicas: 1, timeoutMs: 500 } });
    const at = key();
    const deadline = Date.now() + 30_000;
    while (await client.wait(1, 100) < 1) assert.ok(Date.now() < deadline, 'the replica does not connect');
    assert.deepEqual(await held.swap(state(at, null, at), Date.now()), { stored: true });
    assert.deepEqual(await held.swap(state(at, null, key()), Date.now()), { stored: false, current: at });
    replica.signal('SIGSTOP');
    await assert.rejects(held.swap(state(at, at, key()), Date.now()), { name: 'StoreFailed' });
    replica.signal('SIGCONT');
    while (await client.wait(1, 100) < 1) assert.ok(Date.now() < deadline, 'the replica does not come back');
    const next = key();
    const current = await held.load('state', at);
    assert.deepEqual(await held.swap(state(at, current, next), Date.now()), { stored: true });
  } finally {
    client.disconnect();
    await Promise.all([master.stop(), replica.stop()]);
  }
});

test('the lines of the README', async () => {
  const readme = readFileSync('node_modules/libmpass/README.md', 'utf8');
  const [, lines] = readme.match(/^```js skip\n(.*?)^```/ms);
  const [ofRedis, ofPostgres] = [await redis(), await postgres()];
  const program = lines
    .replace("'redis://127.0.0.1'", JSON.stringify(ofRedis.socket))
    .replace("{ host: '127.0.0.1', database: 'mpass' }", JSON.stringify(ofPostgres.connection));
  const checks = 'for (const store of [redis, postgres]) await probe(store, { parallel: 4, rounds: 1 });';
  const file = 'stores/readme.mjs';
  try {
    writeFileSync(file, `import { probe } from 'libmpass';\n${program}\n${checks}\nprocess.exit();\n`);
    execFileSync(process.execPath, [file], { timeout: 60_000 });
  } finally {
    rmSync(file, { force: true });
    await Promise.all([ofRedis.stop(), ofPostgres.stop()]);
  }
});

test('what is no client, setting, kind or key is refused', async () => {
  assert.throws(() => new RedisStore({}), { name: 'TypeError' });
  assert.throws(() => new PostgresStore({ connect() {} }), { name: 'TypeError' });
  const client = { callBuffer: async () => null };
  assert.throws(() => new RedisStore(client, { prefx: 'a' }), { name: 'TypeError' });
  assert.throws(() => new RedisStore(client, { timeoutMs: 0 }), { name: 'RangeError' });
  assert.throws(() => new RedisStore(client, { acknowledge: { replicas: 0 } }), { name: 'RangeError' });
  await assert.rejects(new RedisStore(client).load('stat', key()), { name: 'TypeError' });
  await assert.rejects(new RedisStore(client).load('state', new Uint8Array(8)), { name: 'RangeError' });
});
