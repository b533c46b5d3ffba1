// A check that a host runs against its own store, before it trusts it: the
// rules of the engine's own probe, with promises in place of threads. A store
// that passes may still lose what it called stored in a crash: that is for
// the host to try.
import { isBytes, options, storeMethods, time, u32 } from './check.js';

const LIFE_MS = 60_000;
const CHAIN = 4;
const MOST = 1024;
const DOCUMENTS = 20;
const PAGES = [1, 7, 100];
const LONGEST = { state: 96, document: 16_384 };

class Failure extends Error {
  constructor(rule, message) {
    super(message);
    this.name = 'ProbeFailure';
    this.rule = rule;
  }
}

const same = (a, b) =>
  a === b || (a?.length === b?.length && Boolean(a) && a.every((byte, at) => byte === b[at]));

/** Whether a key is before another, as unsigned bytes. */
function before(a, b) {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at >= 0 && a[at] < b[at];
}

function holds(isHeld, rule, message) {
  if (!isHeld) throw new Failure(rule, message);
}

class Probe {
  constructor(store, parallel, nowMs) {
    Object.assign(this, { store, parallel, nowMs });
  }

  fresh() {
    return crypto.getRandomValues(new Uint8Array(16));
  }

  async swap(kind, key, expected, value, expiresAtMs = this.nowMs + LIFE_MS, nowMs = this.nowMs) {
    const swap = {
      kind, key, expected, value, expiresAtMs: kind === 'state' ? expiresAtMs : null,
    };
    const swapped = await this.store.swap(swap, nowMs);
    holds(typeof swapped?.stored === 'boolean', 'Answer', 'swap does not say { stored: boolean }');
    return swapped;
  }

  async stands(kind, key, value, rule, message) {
    const loaded = (await this.store.load(kind, key)) ?? null;
    holds(loaded === null || isBytes(loaded), 'Answer', 'load gives no Uint8Array');
    holds(same(loaded, value), rule, `${kind}: ${message}`);
  }

  async refused(kind, key, expected, value, stands, rule, message) {
    const swapped = await this.swap(kind, key, expected, value);
    holds(!swapped.stored, rule, `${kind}: ${message}`);
    holds(same(swapped.current ?? null, stands), 'Loser',
      `${kind}: a conflict without the value that won`);
  }

  /** One caller and one key: what stands decides. */
  async oneValue(kind) {
    const [key, first, second] = [this.fresh(), this.fresh(), this.fresh()];
    await this.stands(kind, key, null, 'NotEmpty', 'a value where none was stored');
    await this.refused(kind, key, first, second, null, 'NotPresent', 'replaced where nothing stood');
    await this.stands(kind, key, null, 'Changed', 'a refused swap changed the value');

    const inserted = await this.swap(kind, key, null, first);
    holds(inserted.stored, 'Insert', `${kind}: an insert where nothing stood was refused`);
    await this.stands(kind, key, first, 'Forgotten', 'a load that misses what was stored');

    await this.refused(kind, key, null, second, first, 'NotAbsent', 'inserted where a value stood');
    for (const wrong of [second, first.subarray(0, 15), new Uint8Array()]) {
      await this.refused(kind, key, wrong, second, first, 'WrongValue',
        'stored over an unexpected value');
    }
    await this.stands(kind, key, first, 'Changed', 'a refused swap changed the value');

    const replaced = await this.swap(kind, key, first, second);
    holds(replaced.stored, 'Replace', `${kind}: a swap that expected what stood was refused`);
    await this.stands(kind, key, second, 'Forgotten', 'a load that misses what was stored');
  }

  /** The shortest and the longest value, with every byte in it. */
  async lengths(kind) {
    for (const length of [0, 1, LONGEST[kind]]) {
      const key = this.fresh();
      const value = Uint8Array.from({ length }, (_, at) => 255 - (at % 256));
      const swapped = await this.swap(kind, key, null, value);
      holds(swapped.stored, 'Length', `${kind}: a value of ${length} bytes was refused`);
      await this.stands(kind, key, value, 'Length', 'a value that did not come back as it was');
    }
  }

  /** The same key in both kinds. */
  async kinds() {
    const key = this.fresh();
    const message = 'a value was seen under the other kind';
    const values = { state: this.fresh(), document: this.fresh() };
    for (const [kind, value] of Object.entries(values)) {
      holds((await this.swap(kind, key, null, value)).stored, 'KindsMixed', message);
    }
    for (const [kind, value] of Object.entries(values)) {
      await this.stands(kind, key, value, 'KindsMixed', message);
    }
  }

  /** Values stay until their last millisecond, whatever else is swapped. */
  async expiry() {
    const keys = Array.from({ length: 64 }, () => this.fresh());
    for (const key of keys) await this.swap('state', key, null, key);
    const lastMs = this.nowMs + LIFE_MS - 1;
    for (let n = 0; n < 64; n += 1) {
      await this.swap('state', this.fresh(), null, this.fresh(), lastMs + LIFE_MS, lastMs);
    }
    for (const key of keys) {
      await this.stands('state', key, key, 'DroppedEarly', 'a value was dropped before its time');
    }
  }

  /** What was dropped is not stored anew after the clock was set back. */
  async dropped() {
    const keys = Array.from({ length: 64 }, () => this.fresh());
    const endMs = this.nowMs + 1;
    for (const key of keys) await this.swap('state', key, null, key, endMs);
    for (let n = 0; n < 64; n += 1) {
      await this.swap('state', this.fresh(), null, this.fresh(), endMs + LIFE_MS, endMs);
    }
    for (const key of keys) {
      const { stored, current } = await this.swap('state', key, null, key, endMs);
      holds(!stored, 'Revived', 'a value that was dropped was stored anew');
      holds(same(current ?? null, (await this.store.load('state', key)) ?? null), 'Loser',
        'state: a conflict without the value that won');
    }
  }

  /** All documents and nothing else, in the order of their keys, page by page. */
  async lists() {
    const [states, documents] = [new Set(), new Map()];
    for (let n = 0; n < DOCUMENTS; n += 1) {
      const [state, key, value] = [this.fresh(), this.fresh(), this.fresh()];
      await this.swap('state', state, null, value);
      await this.swap('document', key, null, value);
      states.add(String(state));
      documents.set(String(key), value);
    }
    for (const limit of PAGES) {
      const missing = new Map(documents);
      for await (const { key, value } of this.listed(limit)) {
        holds(!states.has(String(key)), 'ListState', 'a state was listed');
        const wanted = missing.get(String(key));
        holds(wanted === undefined || same(wanted, value), 'ListMissing',
          'a document was not listed as it is stored');
        missing.delete(String(key));
      }
      holds(missing.size === 0, 'ListMissing', 'a document was not listed');
    }
  }

  async* listed(limit) {
    for (let after = null; ;) {
      const page = await this.store.list(after, limit);
      holds(Array.isArray(page) && page.every(({ key, value }) =>
        isBytes(key) && isBytes(value)),
      'Answer', 'list gives no array of { key, value }');
      holds(page.length <= limit, 'ListLimit', 'more documents were listed than requested');
      for (const document of page) {
        holds(after === null || before(after, document.key), 'ListOrder',
          'documents were not listed in ascending order of their keys');
        after = document.key;
        yield document;
      }
      if (page.length < limit) return;
    }
  }

  /** All callers on one key: an insert, then a chain of swaps. */
  async race(kind) {
    const key = this.fresh();
    let standing = null;
    for (let link = 0; link <= CHAIN; link += 1) {
      const values = Array.from({ length: this.parallel }, () => this.fresh());
      const swaps = await Promise.all(
        values.map((value) => this.swap(kind, key, standing, value)));
      const winners = values.filter((_, at) => swaps[at].stored);
      holds(winners.length === 1, standing ? 'Replace' : 'Insert',
        `${kind}: ${winners.length} of the parallel swaps won, not 1`);
      const [won] = winners;
      for (const { stored, current } of swaps) {
        holds(stored || same(current ?? null, won), 'Loser',
          `${kind}: a conflict without the value that won`);
      }
      await this.stands(kind, key, won, 'Forgotten', 'a load that misses what was stored');
      standing = won;
    }
  }
}

/** Runs every rule against a store; rejects with the first that is broken. */
export async function probe(store, settings) {
  storeMethods(store, 'the store');
  const { parallel = 64, rounds = 16, nowMs = BigInt(Date.now()) } = options(
    settings, 'probe', { parallel: u32, rounds: u32, nowMs: time });
  const run = new Probe(store, Math.min(Math.max(2, parallel), MOST), Number(nowMs));
  for (const kind of ['state', 'document']) {
    await run.oneValue(kind);
    await run.lengths(kind);
  }
  await run.kinds();
  await run.expiry();
  await run.dropped();
  await run.lists();
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['state', 'document']) await run.race(kind);
  }
}
