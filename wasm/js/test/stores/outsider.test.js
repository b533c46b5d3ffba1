// The stores against replies and errors that were not expected.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { inspect } from 'node:util';
import Redis from 'ioredis';
import { PostgresStore } from 'libmpass/stores/postgres';
import { RedisStore } from 'libmpass/stores/redis';
import pg from 'pg';
import { createClient } from 'redis';
import { postgres, redis } from './servers.js';

const key = () => new Uint8Array(randomBytes(16));
const state = (at, expected, value) => ({ kind: 'state', key: at, expected, value });

/** Whether an error, its causes and everything that hangs on them shows some bytes. */
function shows(error, bytes) {
  const buffer = Buffer.from(bytes);
  const shown = inspect(error, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null });
  const all = (shown + JSON.stringify(error) + error.stack).toLowerCase().replaceAll(/[\s,]+/g, ' ');
  const forms = [
    buffer.toString('hex'), buffer.toString('base64').toLowerCase(), [...buffer].join(' '),
    [...buffer].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    // Redis shows printable bytes as they are.
    buffer.toString('latin1').toLowerCase(),
  ];
  return forms.some((form) => all.includes(form));
}

/** The error of a call, which shows neither the key nor the value. */
async function quiet(call, at, value) {
  const error = await call.then(() => undefined, (thrown) => thrown);
  assert.ok(error, 'no error');
  assert.match(error.name, /^Store(?:Failed|Unknown|Full)$/, inspect(error));
  for (const bytes of [at, value]) assert.ok(!shows(error, bytes), inspect(error, { depth: 20 }));
  return error;
}

/** Bytes that a message shows as they are. */
const word = (length) => new Uint8Array(Buffer.from(randomBytes(length).toString('hex').slice(0, length)));

const CLIENTS = {
  async ioredis(server) {
    const client = new Redis({ path: server.socket, maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => {});
    return [client, () => client.disconnect()];
  },
  async 'node-redis'(server) {
    const client = createClient({ socket: { path: server.socket, reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    return [client, () => (client.isOpen ? client.destroy() : undefined)];
  },
};

for (const [name, connect] of Object.entries(CLIENTS)) {
  test(`${name}: no error shows a key or a value`, async () => {
    const [at, value] = [word(16), word(64)];
    // The answer to an unknown command repeats what follows it.
    const renamed = await redis('--rename-command', 'EVALSHA', '');
    const plain = await redis();
    const admin = new Redis({ path: plain.socket });
    try {
      const [client, close] = await connect(renamed);
      const refused = await quiet(new RedisStore(client).swap(state(at, null, value), Date.now()), at, value);
      assert.equal(refused.name, 'StoreFailed');
      close();
      const [other, closeOther] = await connect(plain);
      const held = new RedisStore(other);
      await admin.lpush(Buffer.concat([Buffer.from('mpass:s:'), at]), 'x');
      await admin.set('mpass:d', 'x');
      const wrongType = await quiet(held.load('state', at), at, value);
      assert.equal(wrongType.cause.code, 'WRONGTYPE');
      await quiet(held.swap(state(at, null, value), Date.now()), at, value);
      await quiet(held.list(null, 10), at, value);
      await admin.acl('SETUSER', 'default', '-evalsha');
      const denied = await quiet(held.swap(state(at, null, value), Date.now()), at, value);
      assert.match(denied.message, /NOPERM/);
      await admin.acl('SETUSER', 'default', '+evalsha');
      plain.signal('SIGSTOP');
      const waiting = quiet(held.swap(state(at, null, value), Date.now()), at, value);
      plain.signal('SIGKILL');
      assert.equal((await waiting).name, 'StoreUnknown');
      await quiet(held.load('state', at), at, value);
      closeOther();
    } finally {
      admin.disconnect();
      await Promise.all([renamed.stop(), plain.stop()]);
    }
  });
}

test('pg: no error shows a key or a value', async () => {
  const server = await postgres();
  const pool = new pg.Pool({ ...server.connection, max: 2 });
  pool.on('error', () => {});
  try {
    const held = new PostgresStore(pool);
    await held.migrate();
    const at = key();
    const value = new Uint8Array(randomBytes(96));
    // The answer repeats the row.
    await pool.query('ALTER TABLE mpass_state ADD CONSTRAINT short CHECK (octet_length(value) < 96)');
    const refused = await quiet(held.swap(state(at, null, value), Date.now()), at, value);
    assert.equal(refused.cause.code, '23514');
    await pool.query('ALTER TABLE mpass_state ADD UNIQUE (value)');
    const taken = value.slice(0, 64);
    await held.swap(state(key(), null, taken), Date.now());
    // The row of another key: the answer repeats the value.
    await held.swap(state(at, null, key()), Date.now());
    const current = await held.load('state', at);
    await quiet(held.swap(state(at, current, taken), Date.now()), at, taken);
    await pool.query('ALTER TABLE mpass_state RENAME TO elsewhere');
    await quiet(held.load('state', at), at, value);
    await quiet(held.swap(state(at, null, value), Date.now()), at, value);
    server.signal('SIGKILL');
    await quiet(held.swap(state(at, null, value), Date.now()), at, value);
  } finally {
    await pool.end().catch(() => {});
    await server.stop();
  }
});

test('values of every length, and nothing longer', async () => {
  const server = await postgres();
  const plain = await redis();
  const pool = new pg.Pool({ ...server.connection, max: 2 });
  const client = new Redis({ path: plain.socket });
  try {
    const inPostgres = new PostgresStore(pool);
    await inPostgres.migrate();
    const inRedis = new RedisStore(client, { prefix: 'a*[b]?\\^:' });
    for (const held of [inPostgres, inRedis]) {
      for (const [kind, lengths] of [['state', [0, 1, 96]], ['document', [0, 1, 97, 16_384]]]) {
        for (const length of lengths) {
          const [at, value] = [key(), new Uint8Array(randomBytes(length))];
          const insert = { kind, key: at, value };
          assert.deepEqual(await held.swap(insert, Date.now()), { stored: true });
          assert.deepEqual(await held.load(kind, at), value);
          assert.deepEqual(await held.swap(insert, Date.now()), { stored: false, current: value });
          const next = { kind, key: at, expected: value, value: key() };
          assert.deepEqual(await held.swap(next, Date.now()), { stored: true });
        }
      }
      for (const [kind, longest] of [['state', 96], ['document', 16_384]]) {
        const [at, value] = [key(), new Uint8Array(longest + 1)];
        await assert.rejects(held.swap({ kind, key: at, value }, Date.now()), { name: 'StoreFailed' });
        assert.equal(await held.load(kind, at), null);
      }
      assert.equal((await held.list(null, 100)).length, 4);
    }
  } finally {
    client.disconnect();
    await pool.end();
    await Promise.all([server.stop(), plain.stop()]);
  }
});

/** A client of ioredis that replies with what it is given. */
const replying = (reply) => ({ callBuffer: async (command) => reply(command) });

test('a reply to another command is none to a swap', async () => {
  const odd = [
    1, '1', 'OK', null, [], [1, 1], [2], ['1x'], [0, 1], [0, null], [[1]], Buffer.from([1]),
    Buffer.from('1'), [Buffer.from([1])], [1, Buffer.from('x')], [0, Buffer.from('x'), 1],
  ];
  for (const reply of odd) {
    const held = new RedisStore(replying(() => reply));
    await assert.rejects(held.swap(state(key(), null, key()), Date.now()), { name: 'StoreUnknown' },
      inspect(reply));
    // With replicas it must not be read back.
    const waiting = replying((command) => ({ WAIT: 1, CLIENT: 7 }[command] ?? reply));
    const strict = new RedisStore(waiting, { acknowledge: { replicas: 1 } });
    await assert.rejects(strict.swap(state(key(), null, key()), Date.now()), { name: 'StoreFailed' },
      inspect(reply));
  }
  for (const reply of [7, 'OK', [Buffer.from('x')]]) {
    await assert.rejects(new RedisStore(replying(() => reply)).load('state', key()), { name: 'StoreFailed' });
  }
  await assert.rejects(new RedisStore(replying(() => Buffer.alloc(7))).load('document', key()),
    { name: 'StoreFailed' });
});

test('a reply to another command is no acknowledgement', async () => {
  for (const waited of [0, 'OK', null, [1], Buffer.from('x'), undefined]) {
    const client = replying((command) => ({ WAIT: waited, CLIENT: 7, EVALSHA: [1] })[command]);
    const held = new RedisStore(client, { acknowledge: { replicas: 1 } });
    await assert.rejects(held.swap(state(key(), null, key()), Date.now()), { name: 'StoreFailed' },
      inspect(waited));
  }
});
