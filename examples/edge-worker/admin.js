// The administration of the store and of its tenants, authorized by ADMIN_TOKEN. The
// body is a JSON array with the parameters of the function or method:
//
//   POST /admin/store/OPERATION, one of HEADER
//   POST /admin/tenants/OPERATION, a method of Tenants: create ["channel", {"name": "shop"}]
import {
  Tenants, activateStoreKey, confirmStore, initializeStore, removeStoreKey, storeRestored,
  upgradeStore,
} from 'libmpass/login';

const HEADER = {
  initialize: initializeStore,
  restored: storeRestored,
  confirm: confirmStore,
  activate: activateStoreKey,
  'remove-key': removeStoreKey,
  upgrade: upgradeStore,
};

const TENANTS = [
  'create', 'read', 'update', 'rotate', 'revoke', 'unlock', 'credits', 'addCredits', 'reseal',
];

function isAdmin(request, env) {
  if (!env.ADMIN_TOKEN) return false;
  const encode = (text) => new TextEncoder().encode(text);
  const given = encode(request.headers.get('Authorization') ?? '');
  const held = encode(`Bearer ${env.ADMIN_TOKEN}`);
  return given.length === held.length && crypto.subtle.timingSafeEqual(given, held);
}

/** All tenants of a kind. */
async function listed(tenants, kind) {
  const all = [];
  for (let after = null; ;) {
    const page = await tenants.list(kind, { after });
    all.push(...page.tenants);
    if (page.next === null) return all;
    after = page.next;
  }
}

/** What an operation returns; `undefined` for one that there is not. */
async function perform(request, keyring, store) {
  const [, , what, name] = new URL(request.url).pathname.split('/');
  const body = await request.text();
  const parameters = body === '' ? [] : JSON.parse(body);
  if (what === 'store' && Object.hasOwn(HEADER, name)) {
    return HEADER[name](keyring, store, ...parameters);
  }
  if (what !== 'tenants') return undefined;
  const tenants = new Tenants(keyring, store);
  if (name === 'list') return listed(tenants, ...parameters);
  return TENANTS.includes(name) ? (await tenants[name](...parameters)) ?? null : undefined;
}

export async function administer(request, env, keyring, store) {
  if (request.method !== 'POST' || !isAdmin(request, env)) return new Response(null, { status: 403 });
  try {
    const outcome = await perform(request, keyring, store);
    if (outcome === undefined) return new Response(null, { status: 404 });
    const text = JSON.stringify(outcome, (_, value) =>
      (typeof value === 'bigint' ? Number(value) : value));
    return new Response(text, { headers: { 'Content-Type': 'application/json' } });
  } catch ({ name, message }) {
    return Response.json({ error: name, message }, { status: 400 });
  }
}
