// libmpass from JavaScript, with a store in Redis or PostgreSQL.
//
//   npm install libmpass ioredis pg
//   node main.js redis://127.0.0.1:6379 KEYRING tenant shop      prints the channel's key
//   node main.js redis://127.0.0.1:6379 KEYRING issue KEY 966500000000       prints the code
//   node main.js redis://127.0.0.1:6379 KEYRING verify KEY 966500000000 CODE
//
// KEYRING is a file; `Keyring.generate()` makes one.
import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { Engine, Keyring, Tenants, initializeStore, probe, serve } from 'libmpass';
import { PostgresStore } from 'libmpass/stores/postgres';
import { RedisStore } from 'libmpass/stores/redis';
import pg from 'pg';

const PATH = '/mpass-web/rest/mv/';

/** A store and what closes it. */
async function open(url) {
  if (url.startsWith('redis')) {
    const client = new Redis(url, { autoResendUnfulfilledCommands: false });
    client.on('error', ({ message }) => console.error(message));
    return { store: new RedisStore(client), close: () => client.disconnect() };
  }
  const pool = new pg.Pool({ connectionString: url });
  const store = new PostgresStore(pool);
  await store.migrate();
  return { store, close: () => pool.end() };
}

async function run(store, path, command, ...parameters) {
  if (command === 'probe') {
    await probe(store, { parallel: 16, rounds: 4 });
    console.log('probe 0');
    return;
  }
  const keyring = Keyring.parse(await readFile(path, 'utf8'));
  // In production only the program that creates the keyring expects an empty store.
  const header = await initializeStore(keyring, store);
  if (command === 'tenant') {
    const [name] = parameters;
    const { credential } = await new Tenants(keyring, store).create('channel', { name });
    console.log(credential);
    return;
  }
  const [key, number, code] = parameters;
  const engine = new Engine(keyring);
  engine.apply(header);
  const host = {
    store,
    async deliver({ text }) {
      console.log(/\d{6}/.exec(text)[0]);
      return 'delivered';
    },
  };
  const query = `apikey=${key}&dest=%2B${number}${code ? `&otp=${code}` : ''}`;
  const request = { method: 'GET', path: PATH + (code ? 'verify' : 'msg'), query, peer: '127.0.0.1' };
  const { body } = await serve(engine, request, host);
  console.log(new TextDecoder().decode(body));
}

const [url, ...rest] = process.argv.slice(2);
const { store, close } = await open(url);
try {
  await run(store, ...rest);
} finally {
  await close();
}
