// Tenants, the callers of the contracts: channels (mPass), customers
// (VerifyNow) and clients (CAMARA), which differ in their settings.
import {
  bytes, flag, loaded, optional, options, storeKey, storeMethods, text, texts, time, u64,
} from './check.js';
import { MpassError } from './errors.js';
import { Handle, OWN, inner, onlyText, perform, prepacked, taken } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import { GROUPS } from './lists.js';
import { phoneNumber } from './number.js';
import * as operation from './operations.js';
import { readBalance, readPending } from './pending.js';
import { checksOf, fieldsOf, packSettings, policyFields, readSettings } from './settings.js';
import { readKey, readSwap } from './swap.js';

const GROUP = Symbol('group of settings');
const CALLED = Symbol('what its name is called');
const POLICY_FIELDS = fieldsOf('policy');

/** The fields of a kind of tenant beside those of its policy. */
const ownFields = (group) => fieldsOf(group).filter((name) => !POLICY_FIELDS.includes(name));

const CHECKS = Object.fromEntries(['channel', 'customer', 'client'].map((group) =>
  [group, { ...checksOf(group, ownFields(group)), policy: policyFields }]));

/** A write that makes or changes a tenant's credential. */
export class TenantWrite extends Handle {
  #swap;

  constructor(own, handle, swap) {
    super(own, handle);
    this.#swap = swap;
  }

  swap() {
    inner(this, TenantWrite);
    const { key, expected, value, ...rest } = this.#swap;
    return { ...rest, key: key.slice(), expected: expected?.slice() ?? null, value: value.slice() };
  }

  stored() {
    return taken(this, TenantWrite, (write) =>
      perform(operation.TENANT_STORED, write, undefined, onlyText));
  }
}

function readWrite(reply) {
  const swap = readSwap(reply);
  return new TenantWrite(OWN, reply.number(), swap);
}

/** What a tenant's value holds, field by field. */
function readFacts(group, reply) {
  const settings = readSettings(reply);
  const part = (names) => Object.fromEntries(names.map((name) => [name, settings[name] ?? null]));
  return {
    ...part(ownFields(group)),
    policy: part(POLICY_FIELDS),
    id: reply.raw(16),
    keyVersion: reply.u32(),
    createdAtMs: reply.number(),
    isRevoked: reply.bool(),
  };
}

class Tenant extends Handle {
  static storeKey(keyring, name) {
    const keys = inner(keyring, Keyring);
    text(name, 'the name');
    const write = (input) => input.u8(GROUPS[this[GROUP]]).text(name);
    return perform(operation.TENANT_STORE_KEY, keys, write, readKey);
  }

  static create(keyring, current, settings, nowMs) {
    const { [GROUP]: group, [CALLED]: called = 'the name' } = this;
    const keys = inner(keyring, Keyring);
    const value = optional(current, 'the current value', bytes);
    const { policy, ...checked } = options(settings, 'the settings', CHECKS[group]);
    text(checked.name, called);
    const now = time(nowMs);
    const all = { ...policy, ...checked };
    return perform(operation.TENANT_CREATE, keys, (input) => {
      input.u8(GROUPS[group]).optional(value, input.bytes).u64(now).entropy(32);
      packSettings(input, all);
    }, readWrite);
  }

  static open(keyring, key, value) {
    const keys = inner(keyring, Keyring);
    storeKey(key, 'the key');
    bytes(value, 'the value');
    const group = this[GROUP];
    const standing = prepacked((input) => input.raw(key).bytes(value));
    const packed = prepacked((input) => input.u8(GROUPS[group]).raw(standing));
    const facts = perform(
      operation.TENANT_OPEN, keys, (input) => input.raw(packed), (reply) => readFacts(group, reply));
    return new this(OWN, { standing, packed, facts });
  }

  rotate(keyring, nowMs) {
    return this.#rewritten(operation.TENANT_ROTATE, keyring, nowMs, readWrite);
  }

  revoke(keyring, nowMs) {
    return this.#rewritten(operation.TENANT_REVOKE, keyring, nowMs, readSwap);
  }

  #rewritten(number, keyring, nowMs, read) {
    const { packed } = inner(this, Tenant);
    const keys = inner(keyring, Keyring);
    const now = time(nowMs);
    return perform(number, keys, (input) => input.raw(packed).u64(now).entropy(32), read);
  }

  facts() {
    return structuredClone(inner(this, Tenant).facts);
  }
}

export class Channel extends Tenant {
  static [GROUP] = 'channel';
}

export class Customer extends Tenant {
  static [GROUP] = 'customer';
  static [CALLED] = 'the name, which is the id,';

  static freshId(nowMs) {
    const now = time(nowMs);
    const write = (input) => input.u64(now).entropy(32);
    return perform(operation.CUSTOMER_FRESH_ID, 0, write, onlyText);
  }

  credits(keyring) {
    const { standing } = inner(this, Customer);
    const keys = inner(keyring, Keyring);
    return new Credits(OWN, copyOf(keys), standing);
  }
}

const readAdded = (reply) => readPending(reply, readBalance);

export class Credits extends Handle {
  #customer;

  constructor(own, keys, customer) {
    super(own, keys);
    this.#customer = customer;
  }

  #perform(number, read, write) {
    return perform(number, inner(this, Credits), (input) => {
      input.raw(this.#customer);
      write?.(input);
    }, read);
  }

  get key() {
    return this.#perform(operation.CREDITS_KEY, readKey);
  }

  balance(current) {
    const record = loaded(current);
    return this.#perform(operation.CREDITS_BALANCE, readBalance, (input) =>
      input.optional(record, input.bytes));
  }

  add(current, paid, nowMs) {
    const record = loaded(current);
    const count = u64(paid, 'the paid credits');
    const now = time(nowMs);
    return this.#perform(operation.CREDITS_ADD, readAdded, (input) =>
      input.optional(record, input.bytes).u64(now).entropy(32).u64(count));
  }
}

const GRANT = { scopes: texts, number: phoneNumber, isByNetwork: flag, lifeS: u64 };

export class Client extends Tenant {
  static [GROUP] = 'client';

  grant(keyring, grant, nowMs) {
    const { standing } = inner(this, Client);
    const keys = inner(keyring, Keyring);
    const { scopes, number, isByNetwork, lifeS } = options(
      grant, 'the grant', GRANT, ['scopes', 'lifeS']);
    const now = time(nowMs);
    const write = (input) => {
      input.raw(standing).list(scopes, input.text).optional(number, input.text);
      input.bool(isByNetwork).u64(lifeS).u64(now).entropy(32);
    };
    return perform(operation.GRANT_TOKEN, keys, write, onlyText);
  }
}

/** Makes a tenant in a store and returns its credential. */
async function created(Class, keyring, store, settings, nowMs) {
  storeMethods(store, 'the store');
  const key = Class.storeKey(keyring, text(settings?.name, 'the name'));
  const current = await store.load('document', key);
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
