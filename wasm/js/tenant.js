// Tenants, the callers of the contracts: channels (mPass), customers
// (VerifyNow) and clients (CAMARA), which differ in their settings.
import {
  bytes, choice, flag, options, storeKey, text, texts, time, u64,
} from './check.js';
import { Handle, OWN, inner, onlyText, perform, prepacked } from './instance.js';
import { Keyring } from './keyring.js';
import { GROUPS } from './lists.js';
import { phoneNumber } from './number.js';
import * as operation from './operations.js';
import { fieldsOf, readSettings } from './settings.js';
import { readKey } from './swap.js';

const GROUP = Symbol('group of settings');
// What TENANT_ALLOWS compares.
const CREDENTIAL = 1;
const POLICY_FIELDS = fieldsOf('policy');

/** A kind of tenant by its name. */
export const tenantKind = choice(['channel', 'customer', 'client']);

/** The fields of a kind of tenant beside those of its policy. */
export const ownFields = (group) =>
  fieldsOf(group).filter((name) => !POLICY_FIELDS.includes(name));

/** What a tenant's value holds, field by field. */
export function readFacts(group, reply) {
  const settings = readSettings(reply);
  const part = (names) => Object.fromEntries(names.map((name) => [name, settings[name] ?? null]));
  return {
    ...part(ownFields(group)),
    policy: part(POLICY_FIELDS),
    id: reply.raw(16),
    keyVersion: reply.u32(),
    createdAtMs: reply.number(),
    isRevoked: reply.bool(),
    predecessorUntilMs: reply.optional(reply.number),
    stamp: reply.text(),
  };
}

class Tenant extends Handle {
  static name = 'Tenant';

  static storeKey(keyring, name) {
    const keys = inner(keyring, Keyring);
    text(name, 'the name');
    const write = (input) => input.u8(GROUPS[this[GROUP]]).text(name);
    return perform(operation.TENANT_STORE_KEY, keys, write, readKey);
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

  hasCredential(keyring, credential, nowMs) {
    const { packed } = inner(this, Tenant);
    const keys = inner(keyring, Keyring);
    text(credential, 'the credential');
    const now = time(nowMs, 'nowMs');
    const write = (input) => input.raw(packed).u8(CREDENTIAL).text(credential).u64(now);
    return perform(operation.TENANT_ALLOWS, keys, write, (reply) => reply.bool());
  }

  facts() {
    return structuredClone(inner(this, Tenant).facts);
  }
}

export class Channel extends Tenant {
  static name = 'Channel';

  static [GROUP] = 'channel';
}

export class Customer extends Tenant {
  static name = 'Customer';

  static [GROUP] = 'customer';
}

const GRANT = { scopes: texts, number: phoneNumber, isByNetwork: flag, lifeS: u64 };

export class Client extends Tenant {
  static name = 'Client';

  static [GROUP] = 'client';

  grant(keyring, grant, nowMs) {
    const { standing } = inner(this, Client);
    const keys = inner(keyring, Keyring);
    const { scopes, number, isByNetwork, lifeS } = options(
      grant, 'the grant', GRANT, ['scopes', 'lifeS']);
    const now = time(nowMs, 'nowMs');
    const write = (input) => {
      input.raw(standing).list(scopes, input.text).optional(number, input.text);
      input.bool(isByNetwork).u64(lifeS).u64(now).entropy(32);
    };
    return perform(operation.GRANT_TOKEN, keys, write, onlyText);
  }
}

/** The hash by which SMS Retriever finds an Android app. */
export function androidAppHash(packageName, certificate) {
  text(packageName, 'the package name');
  bytes(certificate, 'the certificate');
  const write = (input) => input.text(packageName).bytes(certificate);
  return perform(operation.ANDROID_APP_HASH, 0, write, (reply) => reply.text());
}
