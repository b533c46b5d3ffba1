// Every contract in an edge worker whose store is Durable Objects. README.md lists the
// variables and secrets.
import { Engine, Keyring, fromFetch, readStoreHeader, serve, toResponse } from 'libmpass/login';
import { DurableObjectStore, StoreShard } from 'libmpass/durable-objects';
import { administer } from './admin.js';
import { assess, deliver, resolve } from './operator.js';
import { readSigningKeys } from './signing-keys.js';

export { StoreShard };

/** How old the header of the store may be. */
const HEADER_MS = 1000;

// Of this isolate. It is made by a request, because there is no entropy before.
let service = null;

function makeService(env) {
  const keyring = Keyring.parse(env.KEYRING);
  const settings = env.ISSUER ? { issuer: env.ISSUER } : undefined;
  const pairs = env.SIGNING_KEYS ? readSigningKeys(env.SIGNING_KEYS) : undefined;
  return { keyring, engine: new Engine(keyring, settings), pairs, checkedAtMs: null };
}

/**
 * Checks whether the store is the keyring's, and applies when it was restored. A store
 * without a header is refused: it may be the wrong one, which knows of no attempts.
 */
async function check(checked, store) {
  const ageMs = Math.abs(Date.now() - (checked.checkedAtMs ?? 0));
  if (ageMs < HEADER_MS) return;
  const header = await readStoreHeader(checked.keyring, store);
  if (header.movedTo !== null) throw new Error('the store was moved');
  checked.engine.apply(header);
  checked.checkedAtMs = Date.now();
}

function hostOf(env, store, pairs) {
  const host = { store, deliver: (message) => deliver(env, message) };
  if (pairs) host.signingKeys = () => pairs;
  if (env.OPERATOR_URL) {
    host.assess = (number) => assess(env, number);
    host.resolve = (address) => resolve(env, address);
  }
  return host;
}

async function answer(request, env) {
  service ??= makeService(env);
  const { engine, keyring, pairs } = service;
  const store = new DurableObjectStore(env.STORE);
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/admin/')) return administer(request, env, keyring, store);
  await check(service, store);
  // The address that the platform attests; no header that a caller can set.
  const peer = request.headers.get(env.ADDRESS_HEADER);
  return toResponse(await serve(engine, await fromFetch(request, peer), hostOf(env, store, pairs)));
}

export default {
  async fetch(request, env) {
    try {
      return await answer(request, env);
    } catch (error) {
      // An instance that trapped is replaced, and its handles are lost.
      if (error.name === 'InstanceTrapped') service = null;
      console.error(error.name, error.message);
      return new Response(null, { status: 503, headers: { 'Retry-After': '5' } });
    }
  },
};
