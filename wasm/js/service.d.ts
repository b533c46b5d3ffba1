// The types of the wire contracts.
import { Current, Handle, Keyring, Kind, PhoneNumber, Policy, Store, Swap, U64 } from './index.js';

export interface ChannelSettings {
  /** 1 to 64 ASCII letters, digits, `-`, `_` and `.`. */
  name: string;
  /** Addresses or networks (CIDR) that it may call from; default any. */
  addresses?: string[];
  /** Applications that it may send for; default any. */
  apps?: string[];
  policy?: Policy;
  /** The calling code of numbers in national form. */
  country?: number;
  /** The host of the last line that binds a code to a web page. */
  host?: string;
  /** Its own text, with `{{code}}`. */
  english?: string;
  arabic?: string;
  sender?: string;
}

export interface ChannelFacts {
  name: string;
  keyVersion: number;
  createdAtMs: number;
  isRevoked: boolean;
  addresses: string[];
  apps: string[];
  country: number | null;
  host: string | null;
  english: string | null;
  arabic: string | null;
  sender: string | null;
}

/** A write that makes or changes a channel key. */
export class ChannelWrite extends Handle {
  private constructor();
  swap(): Swap;
  /** The channel key, once the swap is stored. It cannot be read again. */
  stored(): string;
}

/** A caller of the mPass contract, of kind `tenant`. */
export class Channel extends Handle {
  private constructor();
  static place(keyring: Keyring, name: string): Uint8Array;
  static create(
    keyring: Keyring, current: Current, settings: ChannelSettings, nowMs: U64,
  ): ChannelWrite;
  static open(keyring: Keyring, key: Uint8Array, value: Uint8Array): Channel;
  /** A new key; the old one is dead once this is stored. */
  rotate(keyring: Keyring, nowMs: U64): ChannelWrite;
  /** The swap that revokes it. */
  revoke(keyring: Keyring, nowMs: U64): Swap;
  facts(): ChannelFacts;
}

/** Makes a channel in a store and returns its key. */
export function createChannel(
  keyring: Keyring, store: Store, settings: ChannelSettings, nowMs?: number,
): Promise<string>;

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
  body: Uint8Array;
  /** Why, for metrics and logs; never sent. */
  reason: string;
}

export interface Message {
  /** E.164. */
  to: string;
  /** The code is in it: keep it out of logs. */
  text: string;
  sender: string | null;
  language: 'en_US' | 'ar_SA';
  alphabet: 'gsm7' | 'ucs2';
  segments: number;
}

/** A number's standing: valid, or why it is not sent to. */
export type Assessment =
  | { number: PhoneNumber; mobile?: boolean }
  | 'invalid'
  | 'notAllowed';

/** What a program brings to {@link serve}. */
export interface Host {
  store: Store;
  /**
   * Hands a message to the gateway. `refused` says that it was definitely not
   * sent; an error means that nobody knows.
   */
  deliver(message: Message): Promise<'delivered' | 'refused' | 'unknown'>;
  /** What the host knows of a number; without it the engine's own rules decide. */
  assess?(number: string, country: number | null): Promise<Assessment | undefined>;
  /** Milliseconds of Unix time; default `Date.now`. */
  now?: () => number;
}

/** The engine of the wire contracts. */
export class Engine extends Handle {
  constructor(keyring: Keyring);
  begin(request: Request, nowMs: U64): Exchange;
}

export type Step =
  | { step: 'load'; kind: Kind; key: Uint8Array }
  | { step: 'swap'; swap: Swap }
  | { step: 'assess'; number: string; country: number | null }
  | { step: 'deliver'; message: Message }
  | { step: 'reply'; reply: Reply }
  | { step: 'unsupported' };

export type Answer =
  | { answer: 'loaded' | 'conflict'; value?: Uint8Array | null }
  | { answer: 'valid'; number: PhoneNumber; mobile?: boolean }
  | {
      answer:
        | 'begin' | 'stored' | 'invalid' | 'notAllowed' | 'delivered' | 'refused' | 'unknown'
        | 'failed' | 'unsupported';
    };

/** One request on its way to its reply, for hosts that drive it themselves. */
export class Exchange extends Handle {
  private constructor();
  /** Takes what came of the last step, `begin` at first, and says what is next. */
  next(answer: Answer, nowMs: U64): Step;
}

/** Carries the exchange of a request to its reply. */
export function serve(engine: Engine, request: Request, host: Host): Promise<Reply>;

/** The engine's request from one of the Fetch API and the caller's address. */
export function fromFetch(request: globalThis.Request, peer: string): Promise<Request>;

/** A reply as a response of the Fetch API. */
export function toResponse(reply: Reply): Response;
