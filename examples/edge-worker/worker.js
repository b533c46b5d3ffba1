// The mPass contract at the edge: a worker whose store is Durable Objects, one
// for each place. One object is one thread of events, which is all that a
// compare-and-swap needs; what it answers leaves it only once its write is
// durable.
//
// Bindings: STORED_VALUE (the namespace of the class below), KEYRING (text of a
// keyring), ADMIN_TOKEN (who may make channels), GATEWAY (a service that takes
// messages), ADDRESS_HEADER (the header in which the platform attests the
// caller's address, such as CF-Connecting-IP; without it, callers have none).
import { DurableObject } from 'cloudflare:workers';
import { Engine, Keyring, createChannel, fromFetch, serve, toResponse } from 'libmpass';

const same = (a, b) =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((byte, at) => byte === b[at]));

/** What stands at one place. */
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

  /** Drops the value once it has expired; an alarm of an older one comes too early. */
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
    load: (kind, key) => place(kind, key).load(),
    swap: (swap) => place(swap.kind, swap.key).swap(swap),
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
