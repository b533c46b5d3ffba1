// The mPass contract in an edge worker whose store is Durable Objects, one per
// store key. An object handles its events on one thread, which is sufficient for
// a compare-and-swap, and releases a response only after its write is durable.
//
// Bindings: STORED_VALUE (the namespace of the class below), KEYRING (keyring
// text), ADMIN_TOKEN (authorises the creation of channels), GATEWAY (a service
// that accepts messages), ADDRESS_HEADER (the header in which the platform
// attests the caller's address, such as CF-Connecting-IP; without it, every
// caller has the address 0.0.0.0).
import { DurableObject } from 'cloudflare:workers';
import { Engine, Keyring, createChannel, fromFetch, serve, toResponse } from 'libmpass';

const same = (a, b) =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((byte, at) => byte === b[at]));

/** The value at one store key. */
export class StoredValue extends DurableObject {
  async load() {
    return (await this.ctx.storage.get('value')) ?? null;
  }

  async swap({ expected, value, expiresAtMs }) {
    const current = await this.load();
    if (!same(current, expected)) return { stored: false, current };
    await this.ctx.storage.put('value', value);
    await this.ctx.storage.put('expiresAtMs', expiresAtMs);
    if (expiresAtMs !== null) await this.ctx.storage.setAlarm(expiresAtMs);
    return { stored: true };
  }

  /** Deletes the value once it has expired. An alarm set for an older value fires too early. */
  async alarm() {
    const expiresAtMs = await this.ctx.storage.get('expiresAtMs');
    if (expiresAtMs === undefined || expiresAtMs === null) return;
    if (Date.now() < expiresAtMs) await this.ctx.storage.setAlarm(expiresAtMs);
    else await this.ctx.storage.deleteAll();
  }
}

function storeOf(env) {
  const hex = (key) => Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const record = (kind, key) => env.STORED_VALUE.get(env.STORED_VALUE.idFromName(`${kind} ${hex(key)}`));
  return {
    load: (kind, key) => record(kind, key).load(),
    swap: (swap) => record(swap.kind, swap.key).swap(swap),
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
    return Response.json({ key: await createChannel(keyring, storeOf(env), await request.json()) });
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
