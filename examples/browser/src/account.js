// An account: what the vault keeps of it, and its codes. All codes, key URIs and
// secrets are the work of libmpass/oath.
import { KeyUri, Ocra, Secret } from 'libmpass/oath';

/** Many services still use secrets of 80 bits, which the engine accepts only when asked. */
const SHORT = { allowShort: true };
/** How far ahead an HOTP code of another device is looked for. */
const LOOK_AHEAD = 100;
const LAST_COUNTER = 2n ** 64n - 1n;

/** The cautions that are about reading, in contrast to those about other apps. */
const OF_APPS = [
  'Counter', 'Algorithm', 'Digits', 'Period', 'PeriodBelowFive', 'SecretLength', 'NoIssuer',
];

/** What the vault keeps of a key URI; throws what the engine finds wrong with it. */
export function ofUri(text) {
  const uri = KeyUri.parse(text);
  const { kind, counter } = uri.facts();
  const content = { kind, uri: uri.expose() };
  uri.free();
  new Account({ content }).free();
  return { content, counter };
}

/** The same of what somebody typed: an account for TOTP, HOTP or OCRA. */
export function ofFields({ kind, issuer, account, secret: text, algorithm, digits, suite }) {
  const secret = Secret.fromBase32(text);
  try {
    if (kind === 'ocra') {
      new Ocra(secret, suite, SHORT).free();
      const content = { kind, issuer, account, suite, secret: secret.exposeBase32() };
      return { content, counter: asks(suite).counter ? 0n : null };
    }
    const parts = { account, algorithm, digits };
    if (issuer) parts.issuer = issuer;
    if (kind === 'hotp') parts.counter = 0n;
    const uri = KeyUri.write(secret, parts);
    const content = { kind, uri: uri.expose() };
    uri.free();
    return { content, counter: kind === 'hotp' ? 0n : null };
  } finally {
    secret.free();
  }
}

/** What a suite asks for beside the question. */
export function asks(suite) {
  const inputs = suite.split(':')[2]?.split('-') ?? [];
  const has = (begin) => inputs.some((input) => input.startsWith(begin));
  return {
    counter: inputs.includes('C'), pin: has('P'), session: has('S'), time: has('T'),
    numeric: has('QN'),
  };
}

const now = () => Math.floor(Date.now() / 1000);

export class Account {
  #codes;
  #content;

  constructor({ id, content, counter = null }) {
    this.id = id;
    this.counter = counter;
    this.kind = content.kind;
    this.#content = content;
    if (content.kind === 'ocra') {
      const secret = Secret.fromBase32(content.secret);
      this.#codes = new Ocra(secret, content.suite, SHORT);
      secret.free();
      Object.assign(this, {
        issuer: content.issuer, name: content.account, suite: content.suite, cautions: [],
      });
      return;
    }
    const uri = KeyUri.parse(content.uri);
    const { issuer, account, algorithm, digits, period, cautions } = uri.facts();
    this.#codes = content.kind === 'hotp' ? uri.hotp(SHORT) : uri.totp(SHORT);
    uri.free();
    Object.assign(this, {
      issuer, name: account, algorithm, digits, period,
      cautions: cautions.filter((caution) => !OF_APPS.includes(caution)),
    });
  }

  /** TOTP: the code of now, the step that it is of, and the seconds until the next. */
  current() {
    const time = now();
    return {
      code: this.#codes.generate(time),
      step: this.#codes.timeStep(time),
      left: this.#codes.remainingSeconds(time),
    };
  }

  /** HOTP: the code of a counter that the vault has taken. */
  at(counter) {
    return this.#codes.generate(counter);
  }

  /** OCRA: the response; `counter` as taken from the vault, where the suite has one. */
  respond({ question, pin, session }, counter) {
    const wanted = asks(this.suite);
    return this.#codes.respond({
      question,
      ...(wanted.counter && { counter }),
      ...(wanted.pin && { pin }),
      ...(wanted.session && { session: bytesOfHex(session) }),
      ...(wanted.time && { unixSeconds: now() }),
    });
  }

  /**
   * Compares a code of another device. Returns whether it is this account's, and
   * for HOTP the counter after it.
   */
  compare(code) {
    if (this.kind === 'totp') return { same: this.#codes.verify(code, now(), 1, 1) !== null };
    const found = this.#codes.verify(code, this.counter, LOOK_AHEAD);
    if (found === null) return { same: false };
    return { same: true, next: found < LAST_COUNTER ? found + 1n : found };
  }

  /** The key URI, which has the counter of now; `null` for OCRA, which has none. */
  uri() {
    if (this.kind === 'ocra') return null;
    const read = KeyUri.parse(this.#content.uri);
    if (this.kind === 'totp') return freed(read);
    const secret = read.secret();
    const written = KeyUri.write(secret, {
      account: this.name || this.issuer,
      ...(this.issuer && { issuer: this.issuer }),
      algorithm: this.algorithm,
      digits: this.digits,
      counter: this.counter,
    });
    secret.free();
    read.free();
    return freed(written);
  }

  /** OCRA: the secret in base32. */
  get secret() {
    return this.#content.secret;
  }

  /** The same account with handles of its own. */
  copy() {
    return new Account({ id: this.id, content: this.#content, counter: this.counter });
  }

  free() {
    this.#codes.free();
  }
}

function freed(uri) {
  const text = uri.expose();
  uri.free();
  return text;
}

function bytesOfHex(text) {
  const secret = Secret.fromHex(text);
  const bytes = secret.expose();
  secret.free();
  return bytes;
}
