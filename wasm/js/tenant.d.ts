// The types of tenants, the callers of the contracts.
import { Bytes } from './bytes.js';
import { Handle, Keyring, PhoneNumber, U64 } from './index.js';
import { Scope } from './lists.js';
import { ChannelFacts, ClientFacts, CustomerFacts } from './settings.js';

/** A tenant as it stands in a store, of kind `document`. {@link Tenants} changes it. */
declare abstract class Tenant extends Handle {
  protected constructor();
  static storeKey(keyring: Keyring, name: string): Bytes;
  /**
   * Whether a text is the tenant's credential, or its predecessor within the
   * overlap; compared in constant time. Throws `InvalidCredential` for a text that
   * is no credential. Whether the tenant is revoked is in its facts.
   */
  hasCredential(keyring: Keyring, credential: string, nowMs: U64): boolean;
}

/** A caller of the mPass contract; its credential is its `apikey`. */
export class Channel extends Tenant {
  private constructor();
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Channel;
  facts(): ChannelFacts;
}

/**
 * A caller of the VerifyNow contract. Its credential is the password that it
 * sends in base64, as `key`.
 */
export class Customer extends Tenant {
  private constructor();
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Customer;
  facts(): CustomerFacts;
}

/** What an access token is given for. */
export interface Grant {
  /** What it is for; scopes that the client has not are left out. */
  scopes: Scope[];
  /** The number of the device that was authenticated, if one was. */
  number?: PhoneNumber;
  /** Whether the mobile network or the SIM authenticated that device; default no. */
  isByNetwork?: boolean;
  /** How long it lives, in seconds: at most 300 with a number. */
  lifeS: U64;
}

/**
 * A caller of the CAMARA contracts. Its name is its `client_id`, its
 * credential its `client_secret`.
 */
export class Client extends Tenant {
  private constructor();
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Client;
  /**
   * An access token for it, as the token endpoint gives it: for a host that
   * authenticates devices in its own way.
   */
  grant(keyring: Keyring, grant: Grant, nowMs: U64): string;
  facts(): ClientFacts;
}

/**
 * The hash by which SMS Retriever finds an Android app, for `androidAppHashes`: 11
 * characters, from the package name (application id) and the certificate in DER
 * that the installed app is signed with. With Play App Signing that is the
 * certificate of Google Play.
 */
export function androidAppHash(packageName: string, certificate: Uint8Array): string;

// What is not exported above stays inside.
export {};
