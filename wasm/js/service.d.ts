// The types of the wire contracts.
import { Bytes } from './bytes.js';
import { Handle, Keyring, PhoneNumber, Store, StoreHeader, Swap, U64 } from './index.js';
import {
  Alphabet, AnswerKind, AssessmentKind, Kind, Language, Reason,
} from './lists.js';
import { EngineSettings } from './settings.js';

export interface Request {
  method: string;
  path: string;
  /** Without the `?`. */
  query?: string;
  headers?: [name: string, value: string][];
  body?: Uint8Array;
  /** The caller's address as the host attests it. */
  peer: string;
}

export interface Reply {
  status: number;
  headers: [name: string, value: string][];
  body: Bytes;
  /** Why, for metrics and logs; never sent. */
  reason: Reason;
}

export interface Message {
  /** E.164. */
  to: string;
  /** The code is in it: keep it out of logs. */
  text: string;
  sender: string | null;
  language: Language;
  alphabet: Alphabet;
  segments: number;
}

/** The host's assessment of a number, which can refuse it but not change it. */
export type Assessment =
  /** Valid, and whether it can receive messages; undefined where the plan does not determine it. */
  | { mobile?: boolean }
  | Exclude<AssessmentKind, 'valid' | 'unsupported'>;

/** What the contracts need to know of a bearer token that is valid (RFC 7662). */
export interface Introspection {
  /**
   * Its identifier (`jti`). A host that takes more than one text for the same
   * token must say it, or each text is a token with a use of its own.
   */
  id?: string;
  /** The client that it was given to; one that stands in the store brings its policy with it. */
  client: string;
  scopes: string[];
  /** The number of the device that it was given for. */
  number?: PhoneNumber;
  /** Whether the mobile network or the SIM authenticated that device; default no. */
  isByNetwork?: boolean;
  /**
   * When it was issued, if known. After the store was restored from a backup, a token
   * issued before is refused; without this time, it counts as issued 24 h before its
   * expiry.
   */
  issuedAtMs?: U64;
  /** When it expires (`exp`); absent where the host does not state it. */
  expiresAtMs?: U64 | null;
}

/** A `CryptoKeyPair` of the Web Cryptography API, whose public key is extractable. */
export interface SigningKeyPair {
  readonly publicKey: object;
  readonly privateKey: object;
}

/** A public RSA key as a JWK (RFC 7518 section 6.3). */
export interface RsaJwk {
  kty: 'RSA';
  n: string;
  e: string;
}

/** What a program brings to {@link serve}. */
export interface Host {
  store: Store;
  /**
   * Hands a message to the gateway. `refused` says that it was definitely not
   * sent; an error means that nobody knows.
   */
  deliver(message: Message): Promise<'delivered' | 'refused' | 'unknown'>;
  /**
   * Assesses a number in E.164 form that is valid by the engine's own rules, of
   * a tenant with this country. `undefined` accepts it.
   */
  assess?(number: string, country: number | null): Promise<Assessment | undefined>;
  /**
   * What a bearer token is that is not the engine's own; `null` where it is
   * none, or no longer. Without it only the engine's tokens are good.
   */
  introspect?(token: string): Promise<Introspection | null | undefined>;
  /**
   * The number behind a network address; `null` for one that the network does
   * not know, or that two numbers share. Only for hosts that are the network.
   */
  resolve?(address: string): Promise<PhoneNumber | null | undefined>;
  /**
   * The pairs of RSA keys that sign ID tokens with RS256 (`RSASSA-PKCS1-v1_5` with
   * SHA-256, 2048 to 4096 bits, the exponent 65537): the first one signs, and the
   * public keys of all are published. Without one RS256 is not offered for ID tokens.
   */
  signingKeys?(): Promise<readonly SigningKeyPair[] | undefined>;
  /** Milliseconds of Unix time; default `Date.now`. */
  now?: () => number;
}

/** The engine of the wire contracts. */
export class Engine extends Handle {
  constructor(keyring: Keyring, settings?: EngineSettings);
  /**
   * Applies what the header of the store says to the exchanges that begin from now
   * on. What was issued before the store was restored is void, because its use may
   * have been forgotten; while the store is closed or was moved, every request is answered as one
   * to a service that is unavailable.
   */
  apply(
    header: Pick<StoreHeader, 'restoredAtMs' | 'isClosed'> & Partial<Pick<StoreHeader, 'movedTo'>>,
  ): void;
  begin(request: Request, nowMs: U64): Exchange;
}

export type Step =
  | { step: 'load'; kind: Kind; key: Bytes }
  | { step: 'swap'; swap: Swap }
  | { step: 'assess'; number: string; country: number | null }
  | { step: 'deliver'; message: Message }
  | { step: 'introspect'; token: string }
  | { step: 'resolve'; address: string }
  | { step: 'signingKeys' }
  | { step: 'sign'; key: RsaJwk; message: Bytes }
  | { step: 'checkSignature'; key: RsaJwk; message: Bytes; signature: Bytes }
  | { step: 'reply'; reply: Reply };

export type Answer =
  | { answer: 'loaded' | 'conflict'; value?: Uint8Array | null }
  | { answer: 'valid'; mobile?: boolean }
  /** Without an introspection: no token, or no longer. */
  | { answer: 'introspected'; introspection?: Introspection | null }
  /** Without a number: the network does not know the address. */
  | { answer: 'resolved'; number?: PhoneNumber | null }
  | { answer: 'signingKeys'; keys: readonly RsaJwk[] }
  | { answer: 'signed'; signature: Uint8Array }
  | { answer: PlainAnswer };

/** The answers that carry nothing. */
export type PlainAnswer =
  | Exclude<
      AnswerKind,
      | 'loaded' | 'conflict' | 'assessed' | 'introspected' | 'resolved' | 'listed' | 'signingKeys'
      | 'signed'
    >
  | Exclude<AssessmentKind, 'valid' | 'unsupported'>;

/** One request on its way to its reply, for hosts that drive it themselves. */
export class Exchange extends Handle {
  private constructor();
  /** Takes what came of the last step, `begin` at first, and says what is next. */
  next(answer: Answer, nowMs: U64): Step;
}

/** Carries the exchange of a request to its reply. */
export function serve(engine: Engine, request: Request, host: Host): Promise<Reply>;

/** What is read of a request of the Fetch API, without the types of the DOM. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<[name: string, value: string]>;
  readonly body: {
    getReader(): {
      read(): Promise<{ done: boolean; value?: Uint8Array }>;
      cancel(): Promise<void>;
    };
  } | null;
}

/** The type `Response`, where the runtime's types have it. */
export type FetchResponse =
  typeof globalThis extends { Response: { prototype: infer Response } } ? Response : object;

/** The engine's request from one of the Fetch API and the caller's address. */
export function fromFetch(request: FetchRequest, peer: string): Promise<Request>;

/** A reply as a response of the Fetch API. */
export function toResponse(reply: Reply): FetchResponse;
