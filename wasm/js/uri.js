// Key URIs.
import { exact, flag, options, text, u32, u64 } from './check.js';
import { learn } from './errors.js';
import { Handle, OWN, inner, object, onlyText, perform } from './instance.js';
import { Hotp, Secret, Totp } from './oath.js';
import * as operation from './operations.js';
import { URI_ERRORS } from './uri-errors.js';
import { takenBack, uris, withLent } from './uris.js';

const URI = {
  account: exact,
  issuer: exact,
  algorithm: text,
  digits: u32,
  counter: u64,
  period: u64,
};
const HOTP = 1;
const TOTP = 2;

/** The handle of a key URI in a reply, and what it says beside the secret. */
function read(reply) {
  const handle = reply.number();
  const isHotp = reply.u8() === HOTP;
  const number = reply.u64();
  return [handle, {
    kind: isHotp ? 'hotp' : 'totp',
    counter: isHotp ? number : null,
    period: isHotp ? null : number,
    issuer: reply.optional(reply.text),
    labelIssuer: reply.optional(reply.text),
    account: reply.text(),
    algorithm: reply.algorithm(),
    digits: reply.u8(),
    parameters: reply.list(() => [reply.text(), reply.text()]),
    cautions: reply.list(reply.text),
  }];
}

export class KeyUri extends Handle {
  static name = 'KeyUri';

  #facts;

  constructor(own, handle, facts) {
    super(own, handle, uris);
    this.#facts = facts;
  }

  /** A key URI that an operation reads or makes. */
  static #of(number, handle, write) {
    learn(URI_ERRORS);
    return new KeyUri(OWN, ...perform(number, handle, write, read, uris));
  }

  static parse(uri, reading) {
    exact(uri, 'the key URI');
    const { strict = false } = options(reading, 'KeyUri', { strict: flag }, []);
    const write = (input) => input.bool(strict).text(uri);
    return KeyUri.#of(operation.KEY_URI_PARSE, 0, write);
  }

  static write(secret, parts) {
    const shared = inner(secret, Secret);
    const { account, issuer, algorithm = 'SHA1', digits = 6, counter, period } = options(
      parts, 'KeyUri', URI, ['account']);
    if (counter !== undefined && period !== undefined) {
      throw new TypeError('a key URI has a counter (HOTP) or a period (TOTP), not both');
    }
    const write = (input) => {
      if (counter === undefined) input.u8(TOTP).u64(period ?? 30n);
      else input.u8(HOTP).u64(counter);
      input.text(account).optional(issuer, input.text).algorithm(algorithm).u32(digits);
    };
    return withLent(shared, (lent) => KeyUri.#of(operation.KEY_URI_NEW, lent, write));
  }

  facts() {
    inner(this, KeyUri);
    const { parameters, cautions, ...facts } = this.#facts;
    return { ...facts, parameters: parameters.map((pair) => [...pair]), cautions: [...cautions] };
  }

  /** A generator of a class, with all that the URI has beside the secret. */
  #made(Class, kind, settings, own) {
    const { allowShort } = options(settings, 'the settings', { allowShort: flag });
    const { kind: held, algorithm, digits } = this.facts();
    if (held !== kind) throw new TypeError(`the key URI is for ${held}: use ${held}()`);
    const secret = this.secret();
    try {
      return new Class(secret, { algorithm, digits, allowShort, ...own });
    } finally {
      secret.free();
    }
  }

  totp(settings) {
    return this.#made(Totp, 'totp', settings, { step: this.facts().period ?? undefined });
  }

  hotp(settings) {
    return this.#made(Hotp, 'hotp', settings);
  }

  secret() {
    const uri = inner(this, KeyUri);
    const made = perform(operation.KEY_URI_SECRET, uri, undefined, object, uris);
    return new Secret(OWN, takenBack(made));
  }

  expose() {
    return perform(operation.KEY_URI_EXPOSE, inner(this, KeyUri), undefined, onlyText, uris);
  }
}
