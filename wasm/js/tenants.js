// Administration of the tenants in a store: every operation in one call.
import { options, storeKey, storeMethods, text, u32, u64 } from './check.js';
import { change } from './change.js';
import { FIELDS } from './fields.js';
import { Handle, OWN, inner, perform } from './instance.js';
import { Keyring, copyOf } from './keyring.js';
import { GROUPS } from './lists.js';
import { PhoneNumber, phoneNumber } from './number.js';
import * as operation from './operations.js';
import { readBalance } from './pending.js';
import { checksOf, complete, packSettings, policyFields } from './settings.js';
import { readKey } from './swap.js';
import { ownFields, readFacts, tenantKind } from './tenant.js';

const MOST_LISTED = 100;
const clockFunction = (value, what) => {
  if (typeof value !== 'function') throw new TypeError(`${what} is a function`);
  return value;
};
const numberText = (value) =>
  (value instanceof PhoneNumber ? phoneNumber(value) : text(value, 'the number'));
const TENANTS = { now: clockFunction };
const LIST = { after: storeKey, limit: u32 };
const ROTATE = { overlapMs: u64 };
const UPDATE = { ...ROTATE, stamp: text };
const POLICY = checksOf('policy');
const OWN_CHECKS = Object.fromEntries(Object.keys(GROUPS).map((kind) =>
  [kind, checksOf(kind, ownFields(kind))]));

/** The settings of a new tenant as fields. A customer may get a fresh name. */
function fields(kind, settings) {
  const { policy, ...own } = options(
    settings,
    'the settings',
    { ...OWN_CHECKS[kind], policy: policyFields },
    kind === 'customer' ? [] : ['name']);
  return { ...policy, ...own };
}

/** The fields of a patch that have a value, and the names of those that are null. */
function split(changes, what, checks) {
  if (typeof changes !== 'object' || changes === null) throw new TypeError(`${what} are an object`);
  const set = options(changes, what, checks);
  const cleared = Object.keys(changes).filter((name) => changes[name] === null);
  return { set, cleared };
}

/** A patch: what is set, and what returns to its default. */
function patch(kind, changes) {
  const policy = (value, what) => split(value, what, POLICY);
  const { set: { policy: rules, ...own }, cleared } = split(
    changes, 'the changes', { ...OWN_CHECKS[kind], policy });
  return {
    set: { ...complete(rules?.set ?? {}), ...own },
    cleared: [...cleared.flatMap((name) => (name === 'policy' ? Object.keys(POLICY) : [name])),
      ...rules?.cleared ?? []],
  };
}

const readCredential = (reply) => ({
  name: reply.text(),
  credential: reply.text(),
  stamp: reply.text(),
  predecessorUntilMs: reply.optional(reply.number),
});
const readPage = (kind) => (reply) => ({
  tenants: reply.list(() => readFacts(kind, reply)),
  unreadable: reply.number(),
  next: reply.optional(() => readKey(reply)),
});
const readProvisioned = (reply) => ({ isChanged: reply.bool(), stamp: reply.text() });
const readResealed = (reply) => ({ resealed: reply.number(), unreadable: reply.number() });

export class Tenants extends Handle {
  static name = 'Tenants';

  #store;
  #now;

  constructor(keyring, store, settings) {
    const keys = inner(keyring, Keyring);
    storeMethods(store, 'the store');
    const { now } = options(settings, 'Tenants', TENANTS);
    super(OWN, copyOf(keys));
    this.#store = store;
    this.#now = now;
  }

  #perform(number, read, write) {
    const keys = inner(this, Tenants);
    return change(this.#store, this.#now, (handle) => perform(number, keys, write, handle), read);
  }

  /** An operation on the tenant of a kind and a name; `write` packs what follows. */
  #named(number, kind, name, read, write = () => {}) {
    tenantKind(kind, 'the kind');
    text(name, 'the name');
    return this.#perform(number, read, (input) => write(input.u8(GROUPS[kind]).text(name)));
  }

  async create(kind, settings) {
    const all = fields(tenantKind(kind, 'the kind'), settings);
    return this.#perform(operation.TENANT_ADMIN_CREATE, readCredential, (input) =>
      packSettings(input.u8(GROUPS[kind]).entropy(32), all));
  }

  async read(kind, name) {
    return this.#named(operation.TENANT_ADMIN_READ, kind, name, (reply) => readFacts(kind, reply));
  }

  async list(kind, settings) {
    tenantKind(kind, 'the kind');
    const { after, limit = MOST_LISTED } = options(settings, 'the list', LIST);
    return this.#perform(operation.TENANT_ADMIN_LIST, readPage(kind), (input) =>
      input.u8(GROUPS[kind]).optional(after, input.raw).u32(limit));
  }

  async update(kind, name, changes, settings) {
    const { set, cleared } = patch(tenantKind(kind, 'the kind'), changes);
    const { stamp, overlapMs } = options(settings, 'the update', UPDATE);
    const read = (reply) => readFacts(kind, reply);
    return this.#named(operation.TENANT_ADMIN_UPDATE, kind, name, read, (input) => {
      packSettings(input.entropy(32), set);
      input.list(cleared.map((field) => FIELDS[field].number), input.u16);
      input.optional(stamp, input.text).optional(overlapMs, input.u64);
    });
  }

  async rotate(kind, name, settings) {
    const { overlapMs } = options(settings, 'the rotation', ROTATE);
    return this.#named(operation.TENANT_ADMIN_ROTATE, kind, name, readCredential, (input) =>
      input.entropy(32).optional(overlapMs, input.u64));
  }

  async revoke(kind, name) {
    const read = (reply) => readFacts(kind, reply);
    return this.#named(operation.TENANT_ADMIN_REVOKE, kind, name, read, (input) =>
      input.entropy(32));
  }

  async unlock(kind, name, number) {
    const spelling = numberText(number);
    return this.#named(operation.TENANT_ADMIN_UNLOCK, kind, name, () => undefined, (input) =>
      input.entropy(32).text(spelling));
  }

  async credits(name) {
    return this.addCredits(name, 0);
  }

  async addCredits(name, paid) {
    text(name, 'the name');
    const count = u64(paid, 'the paid credits');
    return this.#perform(operation.TENANT_ADMIN_CREDITS, readBalance, (input) =>
      input.text(name).entropy(32).u64(count));
  }

  async provision(kind, settings, credential) {
    const all = fields(tenantKind(kind, 'the kind'), settings);
    text(credential, 'the credential');
    return this.#perform(operation.TENANT_ADMIN_PROVISION, readProvisioned, (input) =>
      packSettings(input.u8(GROUPS[kind]).entropy(32), all).text(credential));
  }

  async reseal() {
    return this.#perform(operation.TENANT_ADMIN_RESEAL, readResealed, (input) =>
      input.entropy(32));
  }
}
