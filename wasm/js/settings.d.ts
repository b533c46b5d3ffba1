// Written by `cargo xtask lists`; do not edit.
import { Bytes } from './bytes.js';
import { Limit, Policy, U64 } from './index.js';
import { Scope, SignatureAlgorithm, TokenUse } from './lists.js';

/** The rules of challenges. */
export interface PolicySettings {
  /**
   * Number of digits in a code; for a customer also the smallest number that a request may choose.
   * 4 to 10; fewer than 6 only with `allowWeak`; at most 8 for a customer. Default: 6.
   */
  digits?: number;
  /**
   * Lifetime of a code. 20000 to 86400000 ms; more than 10 minutes only with `allowWeak`; at most 5
   * minutes for a customer. Default: 5 min.
   */
  lifetimeMs?: U64;
  /** Number of wrong codes that ends a challenge. 1 to 100. Default: 5. */
  tries?: number;
  /** Minimum time between two sends to a number. 0 to 86400000 ms. Default: 30 s. */
  resendIntervalMs?: U64;
  /**
   * Maximum number of sends to one number. 1 to 100000 events in a window of 1 ms to 31 days, at
   * most all at once. Default: 10 in 1 h, 5 at once.
   */
  sends?: Limit;
  /**
   * Maximum number of wrong codes for one number. 1 to 100000 events in a window of 1 ms to 31
   * days, at most all at once. Default: 50 in 1 d, 25 at once.
   */
  guesses?: Limit;
  /**
   * Number of consecutive failures that locks a number (across its challenges) or a token. 1 to
   * 100. Default: 100.
   */
  failuresToLock?: number;
  /**
   * How long a locked number or token stays locked. At most 31 days for a number; 0 locks a token
   * until it is unlocked. Default: 1 d.
   */
  lockMs?: U64;
  /**
   * Maximum number of sends of the whole tenant. 1 to 100000 events in a window of 1 ms to 31 days,
   * at most all at once; no limit if unset.
   */
  spend?: Limit;
  /**
   * Country codes of the numbers that codes may be sent to. Country codes assigned by the ITU;
   * empty allows all. Default: empty.
   */
  callingCodes?: number[];
  /** Allows fewer than 6 digits or a lifetime of more than 10 minutes. Default: false. */
  allowWeak?: boolean;
}

/** Every field of a policy. */
export interface PolicyFacts {
  /**
   * Number of digits in a code; for a customer also the smallest number that a request may choose.
   */
  digits: number;
  /** Lifetime of a code. */
  lifetimeMs: number;
  /** Number of wrong codes that ends a challenge. */
  tries: number;
  /** Minimum time between two sends to a number. */
  resendIntervalMs: number;
  /** Maximum number of sends to one number. */
  sends: Required<Limit>;
  /** Maximum number of wrong codes for one number. */
  guesses: Required<Limit>;
  /** Number of consecutive failures that locks a number (across its challenges) or a token. */
  failuresToLock: number;
  /** How long a locked number or token stays locked. */
  lockMs: number;
  /** Maximum number of sends of the whole tenant; `null` if not set. */
  spend: Required<Limit> | null;
  /** Country codes of the numbers that codes may be sent to. */
  callingCodes: number[];
  /** Allows fewer than 6 digits or a lifetime of more than 10 minutes. */
  allowWeak: boolean;
}

/** The rules of an OATH token. */
export interface TokenPolicy {
  /**
   * Number of consecutive failures that locks a number (across its challenges) or a token. 1 to
   * 100. Default: 10.
   */
  failuresToLock?: number;
  /**
   * How long a locked number or token stays locked. At most 31 days for a number; 0 locks a token
   * until it is unlocked. Default: 1 d.
   */
  lockMs?: U64;
  /**
   * HOTP: number of counters after the expected one that are also checked (RFC 4226 section 7.4). 0
   * to 99999. Default: 10.
   */
  lookAhead?: number;
  /**
   * TOTP: number of past time steps whose codes are accepted (RFC 6238 section 5.2). 0 to 99999;
   * past and future together at most 99999. Default: 1.
   */
  past?: number;
  /**
   * TOTP: number of future time steps whose codes are accepted. 0 to 99999; past and future
   * together at most 99999. Default: 1.
   */
  future?: number;
  /**
   * Number of counters or time steps that a resynchronisation searches, in both directions for
   * TOTP. 0 to 50000. Default: 1000.
   */
  resyncWindow?: number;
  /**
   * Delay per consecutive failure: after the nth one the next attempt must wait n times this, at
   * most an hour (RFC 4226 section 7.3). 0 means no delay. Default: 5 s.
   */
  delayMs?: U64;
}

/** The settings of an engine. */
export interface EngineSettings {
  /**
   * Base URL under which clients reach the host, and issuer of its tokens; if unset, the login is
   * disabled. A base URL without a path; http only for a loopback host.
   */
  issuer?: string;
  /** How often an access token of Number Verification can be used. Default: `once`. */
  tokenUse?: TokenUse;
}

/** The settings of every kind of tenant. */
export interface TenantSettings {
  /**
   * Name, unique among tenants of the same kind; a customer's customerId, a client's client_id. 1
   * to 64 ASCII letters, digits, -, _ and .; a customer's is C- and 15 upper-case hexadecimal
   * digits.
   */
  name: string;
  /**
   * Networks from which the tenant may call. Addresses or networks in CIDR notation; empty allows
   * any. Default: empty.
   */
  addresses?: string[];
  /**
   * Host of the web page where codes are typed; the last line of a message binds the code to it. A
   * DNS name.
   */
  host?: string;
  /**
   * Sender that messages show, for gateways that support it. 1 to 32 bytes without control
   * characters or direction overrides, and without spaces at the ends or @ at the beginning.
   */
  sender?: string;
  /**
   * Hash of the Android app that reads the code by SMS Retriever, as a line of its own; it is left
   * out of a message that would be longer than 140 bytes or one segment with it. At most 32, each
   * 11 base64 characters; a channel's may also be APP=HASH, for messages of that application only.
   * Default: empty.
   */
  androidAppHashes?: string[];
  /** The rules of its challenges. Default: those of `new Policy()`. */
  policy?: Policy;
}

/** What the value of every kind of tenant holds. */
export interface TenantFacts {
  /**
   * Name, unique among tenants of the same kind; a customer's customerId, a client's client_id.
   */
  name: string;
  /** Networks from which the tenant may call. */
  addresses: string[];
  /**
   * Host of the web page where codes are typed; the last line of a message binds the code to it;
   * `null` if not set.
   */
  host: string | null;
  /** Sender that messages show, for gateways that support it; `null` if not set. */
  sender: string | null;
  /**
   * Hash of the Android app that reads the code by SMS Retriever, as a line of its own; it is left
   * out of a message that would be longer than 140 bytes or one segment with it.
   */
  androidAppHashes: string[];
  /** The rules of its challenges. */
  policy: PolicyFacts;
  /** 16 bytes that its records are kept under; a rotation does not change them. */
  id: Bytes;
  /** How many credentials tenants of its name have had. */
  keyVersion: number;
  createdAtMs: number;
  isRevoked: boolean;
  /**
   * When the credential that was replaced last stops working, which may be in the past;
   * `null` if there is none.
   */
  predecessorUntilMs: number | null;
  /** Identifies this state of the tenant: every write has another one. */
  stamp: string;
}

export interface ChannelSettings extends TenantSettings {
  /**
   * Applications that the channel may send for. 1 to 32 characters each; empty allows any. Default:
   * empty.
   */
  apps?: string[];
  /**
   * Country code that numbers in national form belong to. 1 to 999; a country code assigned by the
   * ITU.
   */
  country?: number;
  /**
   * Templates of the messages by language; a request has the text of its language tag, otherwise of
   * the tag's first subtag, otherwise the built-in one. At most 32 languages, by tag (BCP 47), with
   * at most 320 characters each; a text must contain {{code}} and may contain {{app}} and
   * {{minutes}}. Default: empty.
   */
  texts?: Record<string, string>;
}

export interface ChannelFacts extends TenantFacts {
  /** Applications that the channel may send for. */
  apps: string[];
  /** Country code that numbers in national form belong to; `null` if not set. */
  country: number | null;
  /**
   * Templates of the messages by language; a request has the text of its language tag, otherwise of
   * the tag's first subtag, otherwise the built-in one.
   */
  texts: Record<string, string>;
}

export interface CustomerSettings extends TenantSettings {
  /**
   * Templates of the messages by language; a request has the text of its language tag, otherwise of
   * the tag's first subtag, otherwise the built-in one. At most 32 languages, by tag (BCP 47), with
   * at most 320 characters each; a text must contain {{code}} and may contain {{app}} and
   * {{minutes}}. Default: empty.
   */
  texts?: Record<string, string>;
  /** Initial balance of the customer's credits. At least 0. Default: 100. */
  testCredits?: U64;
  /**
   * The rules of its challenges. Default: those of `new Policy()` except: `digits` 4; `lifetimeMs`
   * 1 min; `tries` 3; `resendIntervalMs` 0 ms; `guesses` 9 in 1 d, 5 at once; `allowWeak` true.
   */
  policy?: Policy;
}

export interface CustomerFacts extends TenantFacts {
  /**
   * Templates of the messages by language; a request has the text of its language tag, otherwise of
   * the tag's first subtag, otherwise the built-in one.
   */
  texts: Record<string, string>;
  /** Initial balance of the customer's credits. */
  testCredits: bigint;
}

export interface ClientSettings extends TenantSettings {
  /**
   * Scopes that the client may request. Default: `number-verification:verify`,
   * `one-time-password-sms:send-validate`.
   */
  scopes?: Scope[];
  /**
   * Redirect URIs of a login, compared exactly. At most 8 absolute URIs of at most 255 bytes each.
   * Default: empty.
   */
  redirectUris?: string[];
  /**
   * Public key that verifies the client's private_key_jwt assertions: with ES256 for a P-256 key,
   * with RS256 for an RSA key. 65 to 8192 bytes; an uncompressed point of P-256 (65 bytes), or a
   * JWK of a P-256 key or of an RSA key with 2048 to 4096 bits and the exponent 65537.
   */
  publicKey?: Uint8Array;
  /** Algorithm that signs the client's ID tokens. Default: `ES256`. */
  idTokenAlg?: SignatureAlgorithm;
}

export interface ClientFacts extends TenantFacts {
  /** Scopes that the client may request. */
  scopes: Scope[];
  /** Redirect URIs of a login, compared exactly. */
  redirectUris: string[];
  /**
   * Public key that verifies the client's private_key_jwt assertions: with ES256 for a P-256 key,
   * with RS256 for an RSA key; `null` if not set.
   */
  publicKey: Bytes | null;
  /** Algorithm that signs the client's ID tokens. */
  idTokenAlg: SignatureAlgorithm;
}
