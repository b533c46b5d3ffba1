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

async function probed(namespace) {
  for (const shards of [1, 16]) {
    await mpass.probe(new DurableObjectStore(namespace, { name: 'probe', shards }), { rounds: 2 });
  }
}

export default {
  async fetch(request, { STORE }) {
    const all = cases({ ...mpass, MemoryStore: durable(STORE) }, vectors);
    const chosen = Object.entries(all).filter(([name]) => WITH_STORE.test(name));
    chosen.push(['probe', () => probed(STORE)]);
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
