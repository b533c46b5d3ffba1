// Tenants, the callers of the contracts: channels (mPass), customers
// (VerifyNow) and clients (CAMARA), which differ in their settings.
import { bytes, flag, method, optional, options, storeKey, text, texts, u32, u64 } from './check.js';
import { Keyring, Pending, Policy } from './challenge.js';
import { MpassError } from './errors.js';
import { Handle, OWN, call, inner, taken } from './instance.js';
import { phoneNumber } from './number.js';
import { swapOf } from './store.js';

const NOW = 'the time in milliseconds';
// What a class of tenants is: its name in the module, the checks of its
// settings, and the names of what it tells, in the module's order.
const KIND = Symbol('kind of tenant');
const TOLD = ['keyVersion', 'createdAtMs', 'isRevoked'];

/** A write that makes or changes a tenant's credential. */
export class TenantWrite extends Handle {
  swap() {
    const write = inner(this, TenantWrite);
    return swapOf(call(() => write.swap()));
  }

  stored() {
    const write = taken(this, TenantWrite);
    return call(() => write.stored());
  }
}

class Tenant extends Handle {
  static storeKey(keyring, name) {
    const { module } = this[KIND];
    const keys = inner(keyring, Keyring);
    text(name, 'the name');
    return call((mpass) => mpass[module].storeKey(keys, name));
  }

  static create(keyring, current, settings, nowMs) {
    const { module, checks, called = 'the name' } = this[KIND];
    const keys = inner(keyring, Keyring);
    const value = optional(current, 'the current value', bytes);
    const checked = options(settings, 'the settings', checks);
    text(checked.name, called);
    const now = u64(nowMs, NOW);
    return new TenantWrite(OWN, call((mpass) =>
      mpass[module].create(keys, value, checked, checked.policy?.copy(), now)));
  }

  static open(keyring, key, value) {
    const { module } = this[KIND];
    const keys = inner(keyring, Keyring);
    storeKey(key, 'the key');
    bytes(value, 'the value');
    return new this(OWN, call((mpass) => mpass[module].open(keys, key, value)));
  }

  rotate(keyring, nowMs) {
    const tenant = inner(this, Tenant);
    const keys = inner(keyring, Keyring);
    const now = u64(nowMs, NOW);
    return new TenantWrite(OWN, call(() => tenant.rotate(keys, now)));
  }

  revoke(keyring, nowMs) {
    const tenant = inner(this, Tenant);
    const keys = inner(keyring, Keyring);
    const now = u64(nowMs, NOW);
    return swapOf(call(() => tenant.revoke(keys, now)));
  }

  facts() {
    const tenant = inner(this, Tenant);
    const names = [...TOLD, ...this.constructor[KIND].told];
    const values = call(() => tenant.facts());
    const facts = Object.fromEntries(names.map((name, at) => [name, values[at]]));
    return { ...facts, createdAtMs: Number(facts.createdAtMs) };
  }
}

const SHARED = {
  name: text,
  addresses: texts,
  policy: (value) => inner(value, Policy),
  host: text,
  sender: text,
};

export class Channel extends Tenant {
  static [KIND] = {
    module: 'Channel',
    checks: { ...SHARED, apps: texts, country: u32, english: text, arabic: text },
    told: ['name', 'addresses', 'apps', 'country', 'host', 'english', 'arabic', 'sender'],
  };
}

export class Customer extends Tenant {
  static [KIND] = {
    module: 'Customer',
    called: 'the name, which is the id,',
    checks: { ...SHARED, testCredits: u64, english: text },
    told: ['name', 'addresses', 'testCredits', 'english', 'host', 'sender'],
  };

  static freshId(nowMs) {
    const now = u64(nowMs, NOW);
    return call((mpass) => mpass.Customer.freshId(now));
  }

  credits(keyring) {
    const customer = inner(this, Customer);
    const keys = inner(keyring, Keyring);
    return new Credits(OWN, call(() => customer.credits(keys)));
  }
}

export class Credits extends Handle {
  get key() {
    const credits = inner(this, Credits);
    return call(() => credits.key());
  }

  balance(current) {
    const credits = inner(this, Credits);
    const record = optional(current, 'the current record', bytes);
    return call(() => credits.balance(record));
  }

  add(current, paid, nowMs) {
    const credits = inner(this, Credits);
    const record = optional(current, 'the current record', bytes);
    const count = u64(paid, 'the paid credits');
    const now = u64(nowMs, NOW);
    return new Pending(OWN, call(() => credits.add(record, count, now)));
  }
}

const GRANT = { scopes: texts, number: phoneNumber, isByNetwork: flag, lifeS: u64 };

export class Client extends Tenant {
  static [KIND] = {
    module: 'Client',
    checks: { ...SHARED, scopes: texts, redirectUris: texts, publicKey: bytes },
    told: ['name', 'addresses', 'scopes', 'redirectUris', 'publicKey', 'host', 'sender'],
  };

  grant(keyring, grant, nowMs) {
    const client = inner(this, Client);
    const keys = inner(keyring, Keyring);
    const checked = options(grant, 'the grant', GRANT);
    texts(checked.scopes, 'scopes');
    u64(checked.lifeS, 'lifeS');
    const now = u64(nowMs, NOW);
    return call(() => client.grant(keys, checked, checked.number?.copy(), now));
  }
}

/** Makes a tenant in a store and returns its credential. */
async function created(Class, keyring, store, settings, nowMs) {
  method(store, 'load', 'the store');
  method(store, 'swap', 'the store');
  const key = Class.storeKey(keyring, text(settings?.name, 'the name'));
  const current = await store.load('tenant', key);
  const write = Class.create(keyring, current, settings, nowMs);
  const swapped = await store.swap(write.swap(), nowMs);
  // Somebody else has just written there: a tenant of that name.
  if (!flag(swapped?.stored, 'stored')) throw MpassError.of('NameTaken');
  return write.stored();
}

/** Makes a channel in a store and returns its key. */
export const createChannel = async (keyring, store, settings, nowMs = Date.now()) =>
  created(Channel, keyring, store, settings, nowMs);

/** Makes a client in a store and returns its `client_secret`. */
export const createClient = async (keyring, store, settings, nowMs = Date.now()) =>
  created(Client, keyring, store, settings, nowMs);

/** Makes a customer in a store and returns its id and its password. */
export async function createCustomer(keyring, store, settings, nowMs = Date.now()) {
  const id = settings?.name ?? Customer.freshId(nowMs);
  const password = await created(Customer, keyring, store, { ...settings, name: id }, nowMs);
  return { id, password };
}
