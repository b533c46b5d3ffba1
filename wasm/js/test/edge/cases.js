// Runs the cases that have a store, with Durable Objects in place of the memory store.
import * as mpass from 'libmpass';
import { DurableObjectStore, StoreShard } from 'libmpass/durable-objects';
import { cases } from './cases/index.js';
import vectors from './vectors.js';

/** Not those of the memory store itself, and those that do without a store. */
const WITH_STORE = /^(challenge|exchange|header|in a store|login|number verification|otp validation|parallel attempts|tenants|token|verify now|vectors (in-store|store-header))/;

/** An object that keeps what has expired: the clock of the cases is not the alarm's. */
export class KeptShard extends StoreShard {
  async alarm() {}
}

let stores = 0;

/** In place of the memory store: a store of its own for each. */
const durable = (namespace) => class extends DurableObjectStore {
  size = 0;

  constructor() {
    stores += 1;
    super(namespace, { name: `cases-${stores}`, shards: 3 });
  }

  async swap(swap, nowMs) {
    const swapped = await super.swap({ expected: null, expiresAtMs: null, ...swap }, nowMs);
    if (swapped.stored) this.size += 1;
    return swapped;
  }
};

/** The number of the kind `document`. */
const DOCUMENT = 2;

/** An object whose storage has no room for documents. */
export class FullShard extends StoreShard {
  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = (statement, ...values) => {
      // The words of the limits of Durable Objects.
      if (/^INSERT INTO mpass_values/.test(statement) && values[0] === DOCUMENT) {
        throw new Error('database or disk is full: SQLITE_FULL');
      }
      return exec(statement, ...values);
    };
    super(ctx, env);
  }
}

async function full(namespace) {
  const store = new DurableObjectStore(namespace);
  const outcome = await mpass.initializeStore(mpass.Keyring.generate(), store).then(
    () => 'stored', (error) => `${error.name} ${error.number}`);
  if (outcome !== 'StoreFull 404') throw new Error(outcome);
  // What has room is stored.
  const key = crypto.getRandomValues(new Uint8Array(16));
  const swap = { kind: 'state', key, expected: null, value: key, expiresAtMs: null };
  const { stored } = await store.swap(swap, 0);
  if (!stored) throw new Error('not stored');
}

async function probed(namespace) {
  for (const shards of [1, 16]) {
    await mpass.probe(new DurableObjectStore(namespace, { name: 'probe', shards }), { rounds: 2 });
  }
}

export default {
  async fetch(request, { STORE, FULL }) {
    const all = cases({ ...mpass, MemoryStore: durable(STORE) }, vectors);
    const chosen = Object.entries(all).filter(([name]) => WITH_STORE.test(name));
    chosen.push(['probe', () => probed(STORE)], ['no room', () => full(FULL)]);
    const results = [];
    for (const [name, run] of chosen) {
      try {
        await run();
        results.push({ name: `durable objects: ${name}`, passed: true });
      } catch (error) {
        results.push({ name, passed: false, message: `${error.stack ?? error}` });
      }
    }
    return Response.json(results);
  },
};
