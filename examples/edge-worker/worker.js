// The mPass contract in an edge worker whose store is Durable Objects, one per
// store key. An object handles its events on one thread, which is sufficient for
// a compare-and-swap, and releases a response only after its write is durable.
// One more object contains the store keys of the documents.
//
// Bindings: STORED_VALUE (the namespace of the class below), KEYRING (keyring
// text), ADMIN_TOKEN (authorises the creation of channels), GATEWAY (a service
// that accepts messages), ADDRESS_HEADER (the header in which the platform
// attests the caller's address, such as CF-Connecting-IP; without it, every
// caller has the address 0.0.0.0).
import { DurableObject } from 'cloudflare:workers';
import { Engine, Keyring, Tenants, fromFetch, serve, toResponse } from 'libmpass';

const same = (a, b) =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((byte, at) => byte === b[at]));

const DAY_MS = 86_400_000;

/** The value at one store key, or the store keys of all documents. */
export class StoredValue extends DurableObject {
  async load() {
    return (await this.ctx.storage.get('value')) ?? null;
  }

  async swap({ expected, value, expiresAtMs }) {
    const current = await this.load();
    if (!same(current, expected)) return { stored: false, current };
    const droppedUntilMs = (await this.ctx.storage.get('droppedUntilMs')) ?? 0;
    if (current === null && expiresAtMs !== null && expiresAtMs <= droppedUntilMs) {
      return { stored: false, expired: true };
    }
    await this.ctx.storage.put('value', value);
    await this.ctx.storage.put('expiresAtMs', expiresAtMs);
    if (expiresAtMs !== null) await this.ctx.storage.setAlarm(expiresAtMs);
    return { stored: true };
  }

  /**
   * Deletes the value once it has expired, and a day later its expiry, by which
   * an insert is refused after a clock was set back. An alarm set for an older
   * value fires too early.
   */
  async alarm() {
    const { storage } = this.ctx;
    const expiresAtMs = await storage.get('expiresAtMs');
    if (expiresAtMs === null) return;
    if (expiresAtMs === undefined) {
      await storage.deleteAll();
    } else if (Date.now() < expiresAtMs) {
      await storage.setAlarm(expiresAtMs);
    } else {
      await storage.delete(['value', 'expiresAtMs']);
      await storage.put('droppedUntilMs', expiresAtMs);
      await storage.setAlarm(expiresAtMs + DAY_MS);
    }
  }

  /** Notes the store key of a document. */
  async note(hexKey) {
    await this.ctx.storage.put(`key ${hexKey}`, true);
  }

  /** The store keys that were noted after one, in ascending order. */
  async noted(after, limit) {
    const range = { prefix: 'key ', limit, ...(after === null ? {} : { startAfter: `key ${after}` }) };
    return Array.from((await this.ctx.storage.list(range)).keys(), (name) => name.slice(4));
  }
}

function storeOf(env) {
  const hex = (key) => Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const bytes = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  const named = (name) => env.STORED_VALUE.get(env.STORED_VALUE.idFromName(name));
  const record = (kind, key) => named(`${kind} ${hex(key)}`);
  return {
    load: (kind, key) => record(kind, key).load(),
    async swap(swap) {
      // Noted first: a key without a value is skipped, a value without its key would be missed.
      if (swap.kind === 'document' && swap.expected === null) await named('documents').note(hex(swap.key));
      return record(swap.kind, swap.key).swap(swap);
    },
    async list(after, limit) {
      const documents = [];
      let last = after && hex(after);
      while (documents.length < limit) {
        const keys = await named('documents').noted(last, limit);
        if (keys.length === 0) break;
        last = keys.at(-1);
        for (const key of keys.map(bytes)) {
          const value = await record('document', key).load();
          if (value !== null) documents.push({ key, value });
        }
      }
      return documents.slice(0, limit);
    },
  };
}

async function deliver(env, message) {
  const { to, text, sender } = message;
  const body = JSON.stringify({ to, text, sender });
  const answer = await env.GATEWAY.fetch('http://gateway/', { method: 'POST', body });
  if (answer.ok) return 'delivered';
  return answer.status < 500 ? 'refused' : 'unknown';
}

function isAdmin(request, env) {
  if (!env.ADMIN_TOKEN) return false;
  const encode = (text) => new TextEncoder().encode(text);
  const given = encode(request.headers.get('Authorization') ?? '');
  const held = encode(`Bearer ${env.ADMIN_TOKEN}`);
  return given.length === held.length && crypto.subtle.timingSafeEqual(given, held);
}

async function makeChannel(request, env, keyring) {
  if (request.method !== 'POST' || !isAdmin(request, env)) return new Response(null, { status: 403 });
  try {
    const tenants = new Tenants(keyring, storeOf(env));
    const { credential: key } = await tenants.create('channel', await request.json());
    return Response.json({ key });
  } catch (error) {
    return Response.json({ error: error.name }, { status: 400 });
  }
}

let keys;

export default {
  async fetch(request, env) {
    keys ??= Keyring.parse(env.KEYRING);
    if (new URL(request.url).pathname === '/channels') return makeChannel(request, env, keys);
    const peer = env.ADDRESS_HEADER ? request.headers.get(env.ADDRESS_HEADER) : '0.0.0.0';
    const engine = new Engine(keys);
    try {
      const host = { store: storeOf(env), deliver: (message) => deliver(env, message) };
      return toResponse(await serve(engine, await fromFetch(request, peer), host));
    } finally {
      engine.free();
    }
  },
};
