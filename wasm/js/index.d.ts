/// <reference lib="esnext.disposable" />
// The types of libmpass. Times are seconds or milliseconds of Unix time as the
// name says, and a time in milliseconds that looks like seconds is a RangeError; counters and time steps are given as number or BigInt and come
// back as BigInt; codes are strings, leading zeros included.
import { Bytes } from './bytes.js';
import { Caution, Kind, RefusalReason, Verdict } from './lists.js';
import { PolicySettings, TokenPolicy } from './settings.js';

/** A whole number from 0 to 2^64 - 1; above 2^53 - 1 as BigInt only. */
export type U64 = number | bigint;
/** The hash under a code. */
export type Algorithm = 'SHA1' | 'SHA256' | 'SHA512';

/** The version of this package. */
export function version(): string;

/**
 * What computes single codes, and what computes many side by side:
 * `'single crates, lanes simd128'`. For tests and bug reports.
 */
export function backend(): string;

export type { Bytes } from './bytes.js';
export { MpassError } from './errors.js';
export * from './lists.js';

/** What lives in WebAssembly memory. Freed by `free`, at the latest by the garbage collector. */
export declare abstract class Handle {
  /** Gives the memory back and erases its secrets; doing it twice is harmless. */
  free(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** A shared secret of 1 to 1,024 bytes. */
export class Secret extends Handle {
  private constructor();
  static fromBytes(secret: Uint8Array): Secret;
  /**
   * RFC 4648 base32 in either case. White space, line breaks, dashes and format
   * characters are passed over, and padding is optional. The message of an error
   * names the place of the fault, and a digit that base32 does not have.
   */
  static fromBase32(secret: string): Secret;
  /** Hexadecimal in either case, as tolerant as `fromBase32`; also with colons. */
  static fromHex(secret: string): Secret;
  /** A new secret of the length that fits the hash: 20, 32 or 64 bytes. */
  static generate(algorithm?: Algorithm): Secret;
  expose(): Bytes;
  exposeBase32(): string;
  exposeHex(): string;
}

export interface CodeSettings {
  /** Default SHA1. */
  algorithm?: Algorithm;
  /** 4 to 10; default 6. */
  digits?: number;
  /** Accepts a secret below the 128 bits of RFC 4226 section 4. */
  allowShort?: boolean;
}

/** HOTP, RFC 4226. */
export class Hotp extends Handle {
  constructor(secret: Secret, settings?: CodeSettings);
  generate(counter: U64): string;
  /** The code as a number, without its leading zeros, for who needs no text. */
  generateValue(counter: U64): number;
  /**
   * The codes of consecutive counters as numbers, computed side by side. Returns
   * how many there are: fewer than `values` has room for only where the counters
   * end at 2^64 - 1.
   */
  generateRange(first: U64, values: Uint32Array): number;
  /**
   * The counter of a code, looked for at `counter` and the `lookAhead` (default 0,
   * at most 99,999, else `WindowTooLarge`) after it, or `null`. Keep it and go on after it: this class
   * remembers nothing. {@link Token} does.
   */
  verify(code: string, counter: U64, lookAhead?: number): bigint | null;
  /** The counter of the last of two or three codes in a row. */
  resynchronize(codes: string[], counter: U64, window: number): bigint | null;
}

export interface TotpSettings extends CodeSettings {
  /** Seconds of a time step; default 30. 30000 throws `StepInMilliseconds`. */
  step?: U64;
  /** The time from which steps are counted, in seconds; default 0. */
  t0?: U64;
}

/**
 * TOTP, RFC 6238. Times are whole seconds: `Math.floor(Date.now() / 1000)`, which
 * is also the default. workerd has no clock outside of requests: there, a call
 * without a time throws a TypeError.
 */
export class Totp extends Handle {
  constructor(secret: Secret, settings?: TotpSettings);
  /**
   * Times are seconds of Unix time, as `Math.floor(Date.now() / 1000)`. Larger
   * numbers than the year 9999 has, such as `Date.now()`, throw
   * `TimeInMilliseconds`.
   */
  timeStep(unixSeconds?: U64): bigint;
  /** Seconds for which the code of this time stays the current one. */
  remainingSeconds(unixSeconds?: U64): number;
  generate(unixSeconds?: U64): string;
  /** The code as a number, without its leading zeros, for who needs no text. */
  generateValue(unixSeconds?: U64): number;
  generateStep(step: U64): string;
  /**
   * The time step of a code, looked for `past` (default 1) steps before to
   * `future` (default 0) steps after the time's own, or `null`. Each is at most
   * 50,000, else `WindowTooLarge`. Keep the step and refuse it the next time: this class remembers nothing. {@link Token} does.
   */
  verify(code: string, unixSeconds?: U64, past?: number, future?: number): bigint | null;
  /** The same in `count` steps from `firstStep`, at most 100,000. */
  verifySteps(code: string, firstStep: U64, count: number): bigint | null;
  /** The time step of the last of two or three codes in a row. */
  resynchronize(codes: string[], unixSeconds: U64, past: number, future: number): bigint | null;
  resynchronizeSteps(codes: string[], firstStep: U64, count: number): bigint | null;
}

export interface OcraInputs {
  /** At most as long as the suite states, or exactly twice as long in mutual mode. */
  question: string;
  counter?: U64;
  /** Hashed as the suite says. */
  pin?: string;
  pinHash?: Uint8Array;
  session?: Uint8Array;
  unixSeconds?: U64;
  /** In steps of the suite, in place of `unixSeconds`. */
  timeStep?: U64;
}

/** How far a verifier looks; each 0 where it is left out. */
export interface Tolerance {
  lookAhead?: number;
  past?: number;
  future?: number;
}

/** OCRA, RFC 6287. */
export class Ocra extends Handle {
  constructor(secret: Secret, suite: string, settings?: { allowShort?: boolean });
  /** As it was given. */
  readonly suite: string;
  respond(inputs: OcraInputs): string;
  verify(
    response: string,
    inputs: OcraInputs,
    tolerance?: Tolerance,
  ): { counter: bigint | null; timeStep: bigint | null } | null;
  /** A random question of the suite's format and length. */
  generateQuestion(): string;
  /** The question of signature mode over longer data. */
  signatureQuestion(algorithm: Algorithm, data: Uint8Array): string;
  /** The questions of mutual mode, of two that are as long as the suite states. */
  static mutualQuestions(
    client: string,
    server: string,
  ): { forServerResponse: string; forClientResponse: string };
}

export interface KeyUriFacts {
  kind: 'hotp' | 'totp';
  /** Of `hotp`. */
  counter: bigint | null;
  /** Of `totp`, in seconds. */
  period: bigint | null;
  issuer: string | null;
  /** The issuer in the label, where the parameter names another one. */
  labelIssuer: string | null;
  /** Empty with the caution `EmptyAccount`. */
  account: string;
  algorithm: Algorithm;
  digits: number;
  /** Parameters that the engine does not know, each name once. */
  parameters: [name: string, value: string][];
  /** What some apps mishandle, and what was chosen or repaired in reading. */
  cautions: Caution[];
}

export interface KeyUriReading {
  /** Refuse a URI with a caution of reading: `UriNotStrict`. Default false. */
  strict?: boolean;
}

export interface KeyUriSettings {
  /** Accepts a secret below the 128 bits of RFC 4226 section 4, as many services have. */
  allowShort?: boolean;
}

export interface KeyUriParts {
  account: string;
  issuer?: string;
  algorithm?: Algorithm;
  digits?: number;
  /** Makes it a key for HOTP. */
  counter?: U64;
  /** Seconds of a step for TOTP, 1 to 2^63 - 1; default 30. */
  period?: U64;
}

/** A key URI, `otpauth://…`. */
export class KeyUri extends Handle {
  private constructor();
  /**
   * Reads a URI as tolerantly as other readers do where nothing is ambiguous;
   * a parameter that changes the codes is never ignored.
   */
  static parse(uri: string, reading?: KeyUriReading): KeyUri;
  static write(secret: Secret, parts: KeyUriParts): KeyUri;
  facts(): KeyUriFacts;
  /** What generates its codes: algorithm, digits and period are the URI's. Not for `hotp`. */
  totp(settings?: KeyUriSettings): Totp;
  /** The same of an URI of `hotp`; its counter is in `facts()`. */
  hotp(settings?: KeyUriSettings): Hotp;
  secret(): Secret;
  /** The URI, the secret in it. */
  expose(): string;
}

/** A phone number in E.164. As text and in JSON it is masked. */
export class PhoneNumber extends Handle {
  private constructor();
  /** Reads what somebody typed; `country` is a calling code for national numbers. */
  static parse(number: string, country?: number | null): PhoneNumber;
  static fromNational(country: number, national: string): PhoneNumber;
  /**
   * The version of the table of numbering plans that canonical numbers are a
   * function of. Programs that share a store should have the same.
   */
  static tableVersion(): number;
  /** With the `+`. */
  readonly e164: string;
  readonly national: string;
  readonly callingCode: number;
  /** For logs. */
  readonly masked: string;
  sha256Hex(): string;
  sha256HexWithoutPlus(): string;
  /** Whether a hash in hexadecimal, in either case, is this number's. */
  hasSha256Hex(hash: string): boolean;
  /** A hash under a key of 32 bytes. */
  keyedHash(key: Uint8Array): Bytes;
  equals(other: PhoneNumber): boolean;
  toString(): string;
  toJSON(): string;
}

/** The keys of a deployment. */
export class Keyring extends Handle {
  private constructor();
  static generate(): Keyring;
  static parse(keyring: string): Keyring;
  /** The keyring as text: keep it as you keep a private key. */
  expose(): string;
  /** Adds a record key, which is written with from `activate` on; its id. */
  add(): number;
  activate(id: number): void;
  /** Removes a record key other than the newest, which throws `ActiveRecordKey`. */
  remove(id: number): void;
  readonly newest: number;
  readonly ids: number[];
}

/** At most `events` in any `windowMs`, `burst` of them at once (default: half). */
export interface Limit {
  events: number;
  windowMs: U64;
  burst?: number;
}

/** The rules of challenges. */
export class Policy extends Handle {
  constructor(settings?: PolicySettings);
  guessProbabilityPerChallenge(): number;
  guessProbabilityPerDay(): number;
}

/** A code that was issued; send it once its {@link Pending} is stored. */
export class Issued extends Handle {
  private constructor();
  readonly code: string;
  readonly endsAtMs: number;
}

/**
 * An outcome that may not be told yet. Replace `expected` by `next` at `key`
 * in one compare-and-swap, and ask `stored` for the outcome once that is
 * durable. On a conflict, drop it and decide again from the record that won.
 */
export class Pending<Outcome> extends Handle {
  private constructor();
  readonly key: Bytes;
  readonly expected: Bytes | null;
  readonly next: Bytes;
  /** From when on a store may drop the record; `null`: it does not expire. */
  readonly expiresAtMs: number | null;
  /** All of it as {@link Store.swap} takes it. */
  swap(): Swap;
  /**
   * Whether the value that now stands is this writing. Only for a swap whose
   * outcome is unknown: after a conflict it is another caller's.
   */
  isWrittenIn(current: Uint8Array): boolean;
  /** The outcome, once. */
  stored(): Outcome;
}

/**
 * Whom a challenge is for: a phone number in international form, an e-mail
 * address, or an account of the caller. All spellings of a number or address
 * are one subject; other text throws `InvalidSubject` or an error of
 * {@link PhoneNumber.parse}. An address is one `@`, a local part of ASCII
 * letters, digits, dots and ``!#$%&'*+-/=?^_`{|}~``, and a host name; an account
 * is 1 to 64 printable ASCII characters without space and `@`, at least one of
 * them a letter, in which case counts.
 */
export type Subject =
  | { number: PhoneNumber | string; email?: undefined; account?: undefined }
  | { email: string; number?: undefined; account?: undefined }
  | { account: string; number?: undefined; email?: undefined };

export interface Binding {
  service: string;
  tenant: Uint8Array;
  subject: Subject;
  /** What a code is for, such as the application; default empty. */
  context?: string;
}

/** What came of an attempt: an outcome to store, or a verdict at once. */
export type Attempt =
  | { pending: Pending<Verdict>; verdict: null }
  | { pending: null; verdict: Verdict };
/**
 * What came of issuing; a refusal may correct the record, too. Its `retryAtMs` is
 * `null` where waiting does not help.
 */
export type Issue =
  | { pending: Pending<Issued>; refusal: null }
  | { pending: Pending<undefined> | null; refusal: { reason: RefusalReason; retryAtMs: number | null } };
/** What came of issuing on a store: a code to send, or why there is none now. */
export type Issuance =
  | { issued: Issued; refusal: null }
  | { issued: null; refusal: { reason: RefusalReason; retryAtMs: number | null } };
/** The time in milliseconds of Unix time; default `Date.now`. */
export type Clock = () => U64;
/** What stands in the store; `null` for nothing. */
export type Current = Uint8Array | null | undefined;

/**
 * The challenge of a subject, of kind `state`. With a store, an operation is one
 * call: it loads, decides, swaps, decides again after a conflict, and reads back
 * where it is unknown whether the swap was stored. The clock is read after each
 * answer, so that a slow store does not lengthen the life of a code. With a record
 * that was loaded, it returns what to store.
 */
export class Challenge extends Handle {
  constructor(keyring: Keyring, policy: Policy, binding: Binding, state?: RestoredState);
  readonly key: Bytes;
  issue(store: Store, clock?: Clock): Promise<Issuance>;
  /**
   * Compares a typed code. Digits of every script are read; white space, dashes and
   * direction marks are passed over. 4 to 10 digits of another length than the
   * challenge's are a wrong code and cost a try; any other text is `Malformed` and
   * costs none.
   */
  attempt(store: Store, typed: string, clock?: Clock): Promise<Verdict>;
  /** Gives back the send of a code that was not sent; whether there was anything to. */
  refund(store: Store, issued: Issued, clock?: Clock): Promise<boolean>;
  /** Unlocks the number, at most three times within 24 hours; whether there was a record. */
  unlock(store: Store, clock?: Clock): Promise<boolean>;
  issue(current: Current, nowMs: U64): Issue;
  attempt(current: Current, typed: string, nowMs: U64): Attempt;
  /** Gives back the send of a code that was not sent; `null` where there is nothing to. */
  refund(current: Current, issued: Issued, nowMs: U64): Pending<undefined> | null;
  unlock(current: Current, nowMs: U64): Pending<undefined>;
}

/** The state of the store of a challenge or token. */
export interface RestoredState {
  /**
   * {@link StoreHeader.restoredAtMs}. A challenge that was last written before is
   * void, with the verdict `NoChallenge`: attempts may have been lost. An HOTP token
   * is to be resynchronised, with the verdict `Resynchronize` until then; a TOTP
   * token accepts only later steps; an OCRA question asked before is void. Counts,
   * limits and locks stay.
   */
  restoredAtMs?: U64 | null;
}

export interface TokenState extends RestoredState {
  /**
   * Whether the token was enrolled, as the host knows: a missing record is then
   * `RecordMissing`, not a token that starts at 0. Default no.
   */
  isEnrolled?: boolean;
}

export interface TokenStatus {
  /** The last accepted counter or step. */
  last: bigint | null;
  /** In time steps. */
  drift: bigint;
  failures: number;
  /** When the next attempt is possible; `null`: now, or not before it is unlocked. */
  retryAtMs: number | null;
  /** Whether it is locked until it is unlocked. */
  isLocked: boolean;
}

/**
 * The state of a token, of kind `state`: no code is accepted twice. With a store,
 * an operation is one call, as of {@link Challenge}.
 */
export class Token extends Handle {
  constructor(
    keyring: Keyring, tenant: Uint8Array, id: Uint8Array, policy?: TokenPolicy, state?: TokenState,
  );
  readonly key: Bytes;
  /** Begins at a counter; `false` where there is a record, which is kept. */
  enroll(store: Store, counter: U64, clock?: Clock): Promise<boolean>;
  attemptHotp(store: Store, hotp: Hotp, typed: string, clock?: Clock): Promise<Verdict>;
  attemptTotp(store: Store, totp: Totp, typed: string, clock?: Clock): Promise<Verdict>;
  attemptOcra(
    store: Store, ocra: Ocra, inputs: OcraInputs, response: string, clock?: Clock,
  ): Promise<Verdict>;
  resynchronizeHotp(store: Store, hotp: Hotp, codes: string[], clock?: Clock): Promise<Verdict>;
  resynchronizeTotp(store: Store, totp: Totp, codes: string[], clock?: Clock): Promise<Verdict>;
  /** Notes the question that an OCRA token is asked; send it afterwards. */
  ask(store: Store, question: string, lifetimeMs: U64, clock?: Clock): Promise<void>;
  /** Unlocks the token; whether there was a record. */
  unlock(store: Store, clock?: Clock): Promise<boolean>;
  enroll(counter: U64, nowMs: U64): Pending<undefined>;
  attemptHotp(current: Current, hotp: Hotp, typed: string, nowMs: U64): Attempt;
  attemptTotp(current: Current, totp: Totp, typed: string, nowMs: U64): Attempt;
  attemptOcra(
    current: Current, ocra: Ocra, inputs: OcraInputs, response: string, nowMs: U64,
  ): Attempt;
  resynchronizeHotp(current: Current, hotp: Hotp, codes: string[], nowMs: U64): Attempt;
  resynchronizeTotp(current: Current, totp: Totp, codes: string[], nowMs: U64): Attempt;
  /** Notes the question that an OCRA token is asked. */
  ask(current: Current, question: string, lifetimeMs: U64, nowMs: U64): Pending<undefined>;
  unlock(current: Current, nowMs: U64): Pending<undefined>;
  status(current: Current, nowMs: U64): TokenStatus;
}

export interface Swap {
  kind: Kind;
  /** 16 bytes. */
  key: Bytes;
  /** What must stand there now; `null`: nothing. */
  expected: Bytes | null;
  value: Bytes;
  /** From when on the value may be dropped; `null`: it does not expire. */
  expiresAtMs: number | null;
}

/**
 * What came of a swap. `expired`: nothing was stored, because there is no value,
 * none is expected, and the new one expires no later than a value that the store
 * has already dropped. An earlier value of this key may be among those, so that
 * an insert would undo it: a token could be used a second time after a clock that
 * was ahead is set back.
 */
export type Swapped =
  | { stored: true }
  | { stored: false; current: Uint8Array | null; expired?: false }
  | { stored: false; expired: true; current?: null };

/** A value of kind `document` with its key. */
export interface Document {
  /** 16 bytes. */
  key: Uint8Array;
  value: Uint8Array;
}

/**
 * A store: of any number of parallel swaps that expect the same value exactly
 * one is stored, and what it calls stored is still there after a crash.
 */
export interface Store {
  /** The newest value at a key, or `null`. */
  load(kind: Kind, key: Bytes): Promise<Uint8Array | null | undefined>;
  /**
   * Replaces a value if it is still the expected one. Throw
   * `MpassError.of('StoreFailed')` only when nothing was stored: after any
   * other error the engine reads the value back to learn what happened.
   */
  swap(swap: Swap, nowMs: number): Promise<Swapped>;
  /**
   * The values of kind `document` with a key after `after` (`null`: from the
   * first one), in ascending order of their keys as unsigned bytes, at most
   * `limit` of them. Fewer than `limit` mean that there are no more. A value that
   * changes meanwhile is listed in its old or its new form.
   */
  list(after: Bytes | null, limit: number): Promise<Document[]>;
}

/** The header of a store: whose keyring it belongs to, its formats, and when it was restored. */
export interface StoreHeader {
  readonly layout: number;
  /** The newest format of values that machines may write. */
  readonly writeFormat: number;
  /** The table of numbering plans that numbers are canonical by. */
  readonly numberTable: number;
  /** The id of the record key with which all machines write. */
  readonly activeKey: number;
  /** The ids of the record keys that the header has fingerprints of. */
  readonly keys: readonly number[];
  /** When a backup was last put back; `null`: never. */
  readonly restoredAtMs: number | null;
  /** When an administrator confirmed the restored store. */
  readonly confirmedAtMs: number | null;
  /** Whether the store was restored and not confirmed since. */
  readonly isClosed: boolean;
  /** The name of the store that the contents were moved to. */
  readonly movedTo: string | null;
}

/**
 * Loads the header of a store and compares it with a keyring. Call this once at the
 * start, before anything else uses the store, then at least every second, and pass
 * the header to {@link Engine.apply}. Rejects with `StoreNotInitialized` when there
 * is no header (the store is empty, or not the one that was meant), `OtherKeyring`,
 * `OtherRecordKey`, `UnknownRecordKey`, `StoreTooNew`, `StoreMoved`, or `StoreClosed`
 * when the store was restored and not confirmed since; and with `RecordFormat` or
 * `RecordForged` when the value is no authentic header.
 */
export function openStore(keyring: Keyring, store: Store, clock?: Clock): Promise<StoreHeader>;
/** As {@link openStore}, also of a store that is closed or was moved. */
export function readStoreHeader(
  keyring: Keyring, store: Store, clock?: Clock): Promise<StoreHeader>;
/**
 * As {@link openStore}, and writes the header of an empty store, which has neither a
 * header nor any other document. Use it where an empty store is expected, such as for
 * a {@link MemoryStore}, and {@link openStore} everywhere else: a store that is
 * unexpectedly empty may be the wrong one.
 */
export function initializeStore(
  keyring: Keyring, store: Store, clock?: Clock): Promise<StoreHeader>;
/**
 * Records that a backup was put back: what was issued before is void, and the store
 * is closed until {@link confirmStore}. Call it before anything else uses the store.
 */
export function storeRestored(
  keyring: Keyring, store: Store, clock?: Clock): Promise<StoreHeader>;
/**
 * Opens a restored store again, after an administrator has checked its tenants: one
 * that was revoked, or whose credential was replaced, after the backup is as it was
 * before.
 */
export function confirmStore(
  keyring: Keyring, store: Store, clock?: Clock): Promise<StoreHeader>;
/**
 * Makes a record key of the keyring the active one, with which all machines write.
 * Distribute the keyring to all machines before that.
 */
export function activateStoreKey(
  keyring: Keyring, store: Store, id: number, clock?: Clock): Promise<StoreHeader>;
/** Removes the fingerprint of a record key that was removed from the keyring. */
export function removeStoreKey(
  keyring: Keyring, store: Store, id: number, clock?: Clock): Promise<StoreHeader>;
/** Raises the formats that machines may write, once every machine reads the newest. */
export function upgradeStore(
  keyring: Keyring, store: Store, clock?: Clock): Promise<StoreHeader>;

/** A store that ends with the program: attempts are forgotten with it. */
export class MemoryStore extends Handle implements Store {
  /** For at most `capacity` values. */
  constructor(capacity: number);
  readonly size: number;
  load(kind: Kind, key: Uint8Array): Promise<Bytes | null>;
  swap(swap: Swap, nowMs: U64): Promise<Swapped>;
  list(after: Uint8Array | null | undefined, limit: number): Promise<Document[]>;
}

/**
 * Runs every rule of a store, with `parallel` (2 to 1,024, default 64) swaps at once in
 * `rounds` (default 16) rounds; rejects with an error whose `rule` names the
 * first that is broken. It leaves values behind: give it a store of its own.
 */
export function probe(
  store: Store, settings?: { parallel?: number; rounds?: number; nowMs?: U64 },
): Promise<void>;

export * from './service.js';
export * from './settings.js';
export * from './tenant.js';
export * from './tenants.js';
