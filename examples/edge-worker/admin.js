// The administration of the store and of its tenants, authorized by ADMIN_TOKEN:
//
//   POST /admin/store/initialize | restored | confirm
//   POST /admin/tenants/channel | customer | client, with its settings: its credential
import { Tenants, confirmStore, initializeStore, storeRestored } from 'libmpass';

const HEADER = { initialize: initializeStore, restored: storeRestored, confirm: confirmStore };

function isAdmin(request, env) {
  if (!env.ADMIN_TOKEN) return false;
  const encode = (text) => new TextEncoder().encode(text);
  const given = encode(request.headers.get('Authorization') ?? '');
  const held = encode(`Bearer ${env.ADMIN_TOKEN}`);
  return given.length === held.length && crypto.subtle.timingSafeEqual(given, held);
}

async function perform(request, keyring, store) {
  const [, , what, name] = new URL(request.url).pathname.split('/');
  if (what === 'store' && Object.hasOwn(HEADER, name)) {
    const { restoredAtMs, isClosed } = await HEADER[name](keyring, store);
    return { restoredAtMs, isClosed };
  }
  if (what !== 'tenants') return null;
  const created = await new Tenants(keyring, store).create(name, await request.json());
  return { name: created.name, credential: created.credential };
}

export async function administer(request, env, keyring, store) {
  if (request.method !== 'POST' || !isAdmin(request, env)) return new Response(null, { status: 403 });
  try {
    const done = await perform(request, keyring, store);
    return done === null ? new Response(null, { status: 404 }) : Response.json(done);
  } catch (error) {
    return Response.json({ error: error.name }, { status: 400 });
  }
}
