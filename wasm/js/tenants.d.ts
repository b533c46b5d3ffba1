// The types of the administration of tenants.
import { Bytes } from './bytes.js';
import { Clock, Handle, Keyring, PhoneNumber, Store, U64 } from './index.js';
import {
  ChannelFacts, ChannelSettings, ClientFacts, ClientSettings, CustomerFacts, CustomerSettings,
  PolicySettings,
} from './settings.js';

/** The settings of each kind of tenant. A customer without a name gets a fresh one. */
export interface TenantKinds {
  channel: ChannelSettings;
  customer: Partial<CustomerSettings>;
  client: ClientSettings;
}

/** What the value of each kind of tenant holds. */
export interface TenantKindFacts {
  channel: ChannelFacts;
  customer: CustomerFacts;
  client: ClientFacts;
}

/** A kind of tenant. */
export type TenantKind = keyof TenantKinds;

/** Fields that are set, and fields that return to their defaults: those that are `null`. */
export type Changes<T> = { [Field in keyof T]?: T[Field] | null };

/** A change of a tenant's settings. All other fields keep their values. */
export type TenantChanges<K extends TenantKind> =
  Changes<Omit<TenantKinds[K], 'name' | 'policy'>> & {
    /** Only the tenant's own name is accepted: a tenant keeps its name. */
    name?: string;
    /** The rules of its challenges that change; `null` returns all to their defaults. */
    policy?: Changes<PolicySettings> | null;
  };

/** A tenant's new credential. It is shown once: the store holds a keyed hash of it. */
export interface NewCredential {
  /** The tenant's name; a customer's `customerId`, a client's `client_id`. */
  name: string;
  /** A channel's `apikey`, a customer's password, a client's `client_secret`. */
  credential: string;
  /** Identifies the state of the tenant that has this credential. */
  stamp: string;
  /** When the replaced credential stops working; `null` without an overlap. */
  predecessorUntilMs: number | null;
}

/** Some of the tenants of a kind. */
export interface TenantPage<K extends TenantKind> {
  /**
   * In the order of their store keys: fewer than the limit, or none, although others
   * follow, because the tenants of all kinds share the documents of a store.
   */
  tenants: TenantKindFacts[K][];
  /** How many documents of this page the keyring does not open. */
  unreadable: number;
  /** The key after which the next page begins; `null` after the last one. */
  next: Bytes | null;
}

/**
 * The administration of the tenants in a store. Every operation is one call: it
 * loads, decides, swaps, decides again after a conflict, and reads the value back
 * where it is unknown whether the swap was stored. A credential is returned only
 * once it is stored, and is not lost when a store stores it and then throws.
 *
 * An operation rejects with an {@link MpassError}: `StoreFailed`, `StoreFull` or
 * `StoreUnknown` if the store failed, `TooManyConflicts`, `OperationTooOld` if the
 * store took more than 10 seconds, `RecordFormat`, `RecordForged` or
 * `UnknownRecordKey` if the keyring does not open a value, and the errors below.
 */
export class Tenants extends Handle {
  /** `now` is the clock of its operations; default `Date.now`. */
  constructor(keyring: Keyring, store: Store, settings?: { now?: Clock });
  /**
   * Creates a tenant. One that was revoked is replaced. `NameTaken` if the name is in
   * use; the errors of the settings.
   */
  create<K extends TenantKind>(kind: K, settings?: TenantKinds[K]): Promise<NewCredential>;
  /** Reads a tenant, revoked or not. `TenantMissing`. */
  read<K extends TenantKind>(kind: K, name: string): Promise<TenantKindFacts[K]>;
  /**
   * Lists the tenants of a kind among the next `limit` (1 to 1,024, default 100)
   * documents of the store; other limits count as the nearest of these. `after` is
   * `next` of the page before.
   */
  list<K extends TenantKind>(
    kind: K, settings?: { after?: Uint8Array | null; limit?: number },
  ): Promise<TenantPage<K>>;
  /**
   * Changes settings of a tenant; its id, credential, locks and counts stay. With
   * `stamp`, only the state that has it: otherwise `Changed`. Without, whichever state
   * is stored. A public key that is replaced stays valid for `overlapMs` (0 to 31
   * days, default 24 hours). `NameFixed` for another name; `TenantMissing`;
   * `TenantRevoked`; the errors of the settings.
   */
  update<K extends TenantKind>(
    kind: K, name: string, changes: TenantChanges<K>, settings?: { stamp?: string; overlapMs?: U64 },
  ): Promise<TenantKindFacts[K]>;
  /**
   * Gives a tenant a new credential. The old one stays valid for `overlapMs` (0 to 31
   * days, default 24 hours; 0 for one that has leaked); its own predecessor ends at
   * once. `TenantMissing`; `TenantRevoked`; `InvalidOverlap`.
   */
  rotate(kind: TenantKind, name: string, settings?: { overlapMs?: U64 }): Promise<NewCredential>;
  /**
   * Revokes a tenant: neither its credential, nor a predecessor, nor a token works any
   * more. Its value stays in the store, and its name is free. `TenantMissing`;
   * `TenantRevoked`.
   */
  revoke<K extends TenantKind>(kind: K, name: string): Promise<TenantKindFacts[K]>;
  /**
   * Unlocks a number of a tenant; text is in international form or in the national one
   * of the tenant's country. `NumberMissing` for a number without a record;
   * `TenantMissing`; `TenantRevoked`; the errors of {@link PhoneNumber.parse}.
   */
  unlock(kind: TenantKind, name: string, number: string | PhoneNumber): Promise<void>;
  /** The credits that a customer has left. `TenantMissing`; `TenantRevoked`. */
  credits(name: string): Promise<bigint>;
  /**
   * Adds credits that a customer paid for, and returns the new balance. After
   * `StoreUnknown` read the balance before adding them again. The errors of
   * {@link Tenants.credits}.
   */
  addCredits(name: string, paid: U64): Promise<bigint>;
  /**
   * Creates or changes a tenant so that it has exactly these settings and this
   * credential, for tenants of a configuration file. `InvalidCredential` for the
   * credential of another tenant; the errors of the settings.
   */
  provision<K extends TenantKind>(
    kind: K, settings: TenantKinds[K], credential: string,
  ): Promise<{ isChanged: boolean; stamp: string }>;
  /**
   * Seals every document with the newest record key, so that older keys can be removed
   * from the keyring. Documents that the keyring does not open stay as they are. It may
   * be interrupted and repeated.
   */
  reseal(): Promise<{ resealed: number; unreadable: number }>;
}
