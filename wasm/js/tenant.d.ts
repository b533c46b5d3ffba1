// The types of tenants, the callers of the contracts.
import { Current, Handle, Keyring, Pending, PhoneNumber, Store, Swap, U64 } from './index.js';
import { Scope } from './lists.js';
import {
  ChannelFacts, ChannelSettings, ClientFacts, ClientSettings, CustomerFacts, CustomerSettings,
} from './settings.js';

/** A write that makes or changes a tenant's credential. */
export class TenantWrite extends Handle {
  private constructor();
  swap(): Swap;
  /** The credential, once the swap is stored. It cannot be read again. */
  stored(): string;
}

/** A tenant as it stands in a store, of kind `tenant`. */
declare abstract class Tenant extends Handle {
  protected constructor();
  static storeKey(keyring: Keyring, name: string): Uint8Array;
  /**
   * A new credential. Once it is stored, the old one stops working, and a
   * tenant that was revoked is in use again.
   */
  rotate(keyring: Keyring, nowMs: U64): TenantWrite;
  /** The swap that revokes it. */
  revoke(keyring: Keyring, nowMs: U64): Swap;
}

/** A caller of the mPass contract; its credential is its `apikey`. */
export class Channel extends Tenant {
  private constructor();
  static create(
    keyring: Keyring, current: Current, settings: ChannelSettings, nowMs: U64,
  ): TenantWrite;
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Channel;
  facts(): ChannelFacts;
}

/**
 * A caller of the VerifyNow contract. Its credential is the password that it
 * sends in base64, as `key`.
 */
export class Customer extends Tenant {
  private constructor();
  static create(
    keyring: Keyring, current: Current, settings: CustomerSettings, nowMs: U64,
  ): TenantWrite;
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Customer;
  /** A `customerId` for a new customer: 60 random bits. */
  static freshId(nowMs: U64): string;
  /** Its prepaid credits. */
  credits(keyring: Keyring): Credits;
  facts(): CustomerFacts;
}

/** The prepaid credits of a customer, one a send: a record of kind `state`. */
export class Credits extends Handle {
  private constructor();
  readonly key: Uint8Array;
  /** How many are left. */
  balance(current: Current): bigint;
  /** Adds credits that were paid for; the outcome is the new balance. */
  add(current: Current, paid: U64, nowMs: U64): Pending<bigint>;
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
  static create(
    keyring: Keyring, current: Current, settings: ClientSettings, nowMs: U64,
  ): TenantWrite;
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Client;
  /**
   * An access token for it, as the token endpoint gives it: for a host that
   * authenticates devices in its own way.
   */
  grant(keyring: Keyring, grant: Grant, nowMs: U64): string;
  facts(): ClientFacts;
}

/** Makes a channel in a store and returns its key. */
export function createChannel(
  keyring: Keyring, store: Store, settings: ChannelSettings, nowMs?: number,
): Promise<string>;

/** Makes a client in a store and returns its `client_secret`. */
export function createClient(
  keyring: Keyring, store: Store, settings: ClientSettings, nowMs?: number,
): Promise<string>;

/** Makes a customer in a store, with a fresh id where none is named. */
export function createCustomer(
  keyring: Keyring, store: Store, settings?: Partial<CustomerSettings>, nowMs?: number,
): Promise<{ id: string; password: string }>;

// What is not exported above stays inside.
export {};
