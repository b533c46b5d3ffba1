// The example worker under test. Each request belongs to a world, with a store and a
// clock of its own, and what begins with /.test is for the test.
import { AsyncLocalStorage } from 'node:async_hooks';
import { DurableObjectStore } from 'libmpass/durable-objects';
import worker, { StoreShard } from './worker.js';

const SHARDS = 16;
const worlds = new AsyncLocalStorage();
const aheadMs = new Map();
const systemNow = Date.now.bind(Date);
Date.now = () => systemNow() + (aheadMs.get(worlds.getStore()) ?? 0);

/** The example's object, which tells what it holds and drops expired values soon. */
export class WatchedShard extends StoreShard {
  static sweepIntervalMs = 50;
  static sweepBatch = 3;

  #stored = 0;

  async swap(swap) {
    const swapped = await super.swap(swap);
    if (swapped.stored && swap.kind === 'state') this.#stored += 1;
    return swapped;
  }

  /** How many states were stored since it was started, and how many values there are. */
  watched() {
    const { sql } = this.ctx.storage;
    const [{ values }] = sql.exec('SELECT count(*) AS "values" FROM mpass_values').toArray();
    return { stored: this.#stored, values };
  }

  async forgetAlarm() {
    await this.ctx.storage.deleteAlarm();
  }
}

const hex = (bytes) => bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (text) => text && Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** The calls of a store, as JSON. */
const CALLS = {
  load: async (store, { kind, key }) => hex(await store.load(kind, bytes(key))),
  async swap(store, { key, expected, value, ...rest }) {
    const swapped = await store.swap(
      { ...rest, key: bytes(key), expected: expected === null ? null : bytes(expected), value: bytes(value) });
    return { ...swapped, current: hex(swapped.current) };
  },
  async list(store, { after, limit }) {
    const listed = await store.list(bytes(after), limit);
    return listed.map(({ key, value }) => ({ key: hex(key), value: hex(value) }));
  },
};

/** The objects of the store. */
const shardsOf = (namespace) => Array.from({ length: SHARDS }, (_, index) =>
  namespace.get(namespace.idFromName(`mpass/${SHARDS}/${index}`)));

async function watched(namespace) {
  const sum = { stored: 0, values: 0 };
  for (const shard of shardsOf(namespace)) {
    const { stored, values } = await shard.watched();
    sum.stored += stored;
    sum.values += values;
  }
  return sum;
}

async function test(request, env, world) {
  const [, , what, call] = new URL(request.url).pathname.split('/');
  if (what === 'watched') return Response.json(await watched(env.STORE));
  const input = await request.json();
  if (what === 'store') {
    return Response.json(await CALLS[call](new DurableObjectStore(env.STORE), input));
  }
  if (what === 'forget-alarms') {
    for (const shard of shardsOf(env.STORE)) await shard.forgetAlarm();
  } else {
    aheadMs.set(world, (aheadMs.get(world) ?? 0) + input);
  }
  return new Response();
}

/** The environment of a world. */
function envOf(env, world) {
  const STORE = {
    idFromName: (name) => env.STORE.idFromName(`${world}/${name}`),
    get: (id, options) => env.STORE.get(id, options),
  };
  return { ...env, STORE, GATEWAY_URL: `${env.GATEWAY_URL}/${world}` };
}

/** The request of a caller whose address is attested. */
function attested(request, env) {
  const headers = new Headers(request.headers);
  if (!headers.has(env.ADDRESS_HEADER)) headers.set(env.ADDRESS_HEADER, '127.0.0.1');
  return new Request(request, { headers });
}

export default {
  fetch(request, env) {
    const world = request.headers.get('x-test-world') ?? 'main';
    const own = envOf(env, world);
    const isTest = new URL(request.url).pathname.startsWith('/.test/');
    return worlds.run(world, () => (isTest ? test(request, own, world) : worker.fetch(attested(request, own), own)));
  },
};
