// The types of tenants, the callers of the contracts.
import {
  Current, Handle, Keyring, Limit, Pending, PhoneNumber, Policy, Store, Swap, U64,
} from './index.js';
import { Scope } from './lists.js';

/** A write that makes or changes a tenant's credential. */
export class TenantWrite extends Handle {
  private constructor();
  swap(): Swap;
  /** The credential, once the swap is stored. It cannot be read again. */
  stored(): string;
}

/** The settings of every kind of tenant. */
export interface TenantSettings {
  /** 1 to 64 ASCII letters, digits, `-`, `_` and `.`. */
  name: string;
  /** Addresses or networks (CIDR) that it may call from; default any. */
  addresses?: string[];
  /** The rules of its challenges. */
  policy?: Policy;
  /** The host of the last line that binds a code to a web page. */
  host?: string;
  /** The sender that its messages show, for gateways that take one. */
  sender?: string;
}

/** Every field of a policy; `spend` is `null` without a limit. */
export interface PolicyFacts {
  digits: number;
  lifetimeMs: number;
  tries: number;
  resendIntervalMs: number;
  sends: Required<Limit>;
  guesses: Required<Limit>;
  spend: Required<Limit> | null;
  failuresToLock: number;
  lockMs: number;
  callingCodes: number[];
  allowWeak: boolean;
}

/** What the value of every kind of tenant holds. */
export interface TenantFacts {
  name: string;
  /** The rules of its challenges. */
  policy: PolicyFacts;
  /** 16 bytes that its records are kept under: the same after a rotation. */
  id: Uint8Array;
  /** How many credentials tenants of its name have had. */
  keyVersion: number;
  createdAtMs: number;
  isRevoked: boolean;
  addresses: string[];
  host: string | null;
  sender: string | null;
}

/** A tenant as it stands in a store, of kind `tenant`. */
declare abstract class Tenant extends Handle {
  protected constructor();
  static storeKey(keyring: Keyring, name: string): Uint8Array;
  /** A new credential; the old one is dead once this is stored. */
  rotate(keyring: Keyring, nowMs: U64): TenantWrite;
  /** The swap that revokes it. */
  revoke(keyring: Keyring, nowMs: U64): Swap;
}

export interface ChannelSettings extends TenantSettings {
  /** Applications that it may send for; default any. */
  apps?: string[];
  /** The calling code of numbers in national form. */
  country?: number;
  /** Its own text, with `{{code}}`. */
  textEn?: string;
  textAr?: string;
}

export interface ChannelFacts extends TenantFacts {
  apps: string[];
  country: number | null;
  textEn: string | null;
  textAr: string | null;
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

export interface CustomerSettings extends TenantSettings {
  /** Its `customerId`: `C-` and 15 upper-case hexadecimal characters. */
  name: string;
  /**
   * The rules of its challenges; default codes of 4 digits for 60 s. `digits`
   * is also the fewest that a request may name, the lifetime, 20 to 300 s,
   * the contract's timeout. The chance of meeting a code within a day has to
   * be below 1 in 1,000.
   */
  policy?: Policy;
  /** The credits that it begins with; default 100. */
  testCredits?: U64;
  /** Its own text, with `{{code}}`. */
  textEn?: string;
}

export interface CustomerFacts extends TenantFacts {
  testCredits: bigint;
  textEn: string | null;
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

export interface ClientSettings extends TenantSettings {
  /** Default all but the one that tells numbers. */
  scopes?: Scope[];
  /** Where a login may send a user agent back to, compared exactly. */
  redirectUris?: string[];
  /**
   * The public key of its `private_key_jwt` assertions (ES256): a point of
   * P-256, uncompressed, 65 bytes.
   */
  publicKey?: Uint8Array;
}

export interface ClientFacts extends TenantFacts {
  scopes: Scope[];
  redirectUris: string[];
  publicKey: Uint8Array | null;
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
