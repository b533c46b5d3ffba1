// The wire contracts: engines and their exchanges.
import { fromBase64Url, toBase64Url } from './base64url.js';
import { bytes, flag, list, options, text, texts, time } from './check.js';
import { stateOfStore } from './header.js';
import { Handle, OWN, inner, object, perform } from './instance.js';
import { Keyring } from './keyring.js';
import { ALPHABETS, ANSWERS, ASSESSMENTS, LANGUAGES, REASONS, STEPS } from './lists.js';
import { numberParts, phoneNumber } from './number.js';
import * as operation from './operations.js';
import { namesOf } from './pack.js';
import { checksOf, packSettings } from './settings.js';
import { readKey, readKind, readSwap } from './swap.js';

// One byte more than the engine looks at: it answers "too large" by itself.
export const MOST_BODY = 64 * 1024 + 1;

function pair(value, what) {
  if (!Array.isArray(value) || value.length !== 2) throw new TypeError(`${what} is [name, value]`);
  return [text(value[0], 'a header name'), text(value[1], 'a header value')];
}

const REQUEST = {
  method: text,
  path: text,
  query: text,
  headers: (value, what) => list(value, what, pair),
  body: bytes,
  peer: text,
};

const SETTINGS = checksOf('engine');

export class Engine extends Handle {
  static name = 'Engine';

  constructor(keyring, settings) {
    const keys = inner(keyring, Keyring);
    const checked = options(settings, 'Engine', SETTINGS);
    super(OWN, perform(
      operation.ENGINE_NEW, keys, (input) => packSettings(input, checked), object));
    // The build defines which of the entries has the login.
    if (checked.issuer !== undefined && !HAS_LOGIN) {
      this.free();
      throw new TypeError('an engine with an issuer serves the login: import it from libmpass/login');
    }
  }

  apply(header) {
    const { restoredAtMs, isClosed } = stateOfStore(header);
    perform(operation.ENGINE_APPLY, inner(this, Engine), (input) =>
      input.optional(restoredAtMs, input.u64).bool(isClosed));
  }

  begin(request, nowMs) {
    const engine = inner(this, Engine);
    const { query = '', headers = [], body = new Uint8Array(), ...rest } = options(
      request, 'the request', REQUEST, ['method', 'path', 'peer']);
    const now = time(nowMs, 'nowMs');
    const peer = perform(
      operation.ADDRESS_PARSE, 0, (input) => input.text(rest.peer), (reply) => reply.bytes());
    return new Exchange(OWN, perform(operation.EXCHANGE_BEGIN, engine, (input) => {
      input.text(rest.method).text(rest.path).text(query);
      input.list(headers, ([name, value]) => input.text(name).text(value));
      input.bytes(body.subarray(0, MOST_BODY)).bytes(peer).u64(now).entropy(32);
    }, object));
  }
}

const INTROSPECTION = {
  id: text,
  client: text,
  scopes: texts,
  number: phoneNumber,
  isByNetwork: flag,
  issuedAtMs: time,
  expiresAtMs: time,
};

/** What a host knows of a token that is valid. */
export const introspection = (value, what) =>
  options(value, what, INTROSPECTION, ['client', 'scopes']);

/** The modulus and exponent of a JWK with a public RSA key. */
function rsaKey(value, what) {
  const { kty, n, e } = value ?? {};
  if (kty !== 'RSA') throw new TypeError(`${what} is not a JWK of an RSA key`);
  return { n: fromBase64Url(n, `${what}.n`), e: fromBase64Url(e, `${what}.e`) };
}

// The answers and what each may carry. An assessment is an answer of its own.
const CARRIED = {
  ...Object.fromEntries([...Object.keys(ANSWERS), ...Object.keys(ASSESSMENTS)].map((name) =>
    [name, {}])),
  loaded: { value: bytes },
  conflict: { value: bytes },
  valid: { mobile: flag },
  introspected: { introspection },
  resolved: { number: phoneNumber },
  signingKeys: { keys: (value, what) => list(value, what, rsaKey) },
  signed: { signature: bytes },
};
delete CARRIED.assessed;
delete CARRIED.listed;

function packIntrospection({
  id, client, scopes, number, isByNetwork, issuedAtMs, expiresAtMs,
}) {
  this.optional(id, this.text).text(client).list(scopes, this.text);
  this.optional(number, this.text).bool(isByNetwork);
  this.optional(issuedAtMs, this.u64).optional(expiresAtMs, this.u64);
}

function packAnswer(input, name, {
  value, number, mobile, introspection: found, keys, signature,
}) {
  if (!Object.hasOwn(ANSWERS, name)) {
    input.u8(ANSWERS.assessed).u8(ASSESSMENTS[name]);
    if (name === 'valid') input.optional(mobile, input.bool);
    return input;
  }
  input.u8(ANSWERS[name]);
  if (name === 'loaded' || name === 'conflict') input.optional(value, input.bytes);
  if (name === 'introspected') input.optional(found, packIntrospection);
  if (name === 'resolved') input.optional(number, input.text);
  if (name === 'signingKeys') input.list(keys ?? [], ({ n, e }) => input.bytes(n).bytes(e));
  if (name === 'signed') input.bytes(signature ?? new Uint8Array());
  return input;
}

const STEP_NAMES = namesOf(STEPS);
const LANGUAGE_NAMES = namesOf(LANGUAGES);
const ALPHABET_NAMES = namesOf(ALPHABETS);
const REASON_NAMES = namesOf(REASONS);

const readMessage = (reply) => ({
  to: numberParts(reply).e164,
  text: reply.text(),
  sender: reply.optional(reply.text),
  language: LANGUAGE_NAMES.get(reply.u8()),
  alphabet: ALPHABET_NAMES.get(reply.u8()),
  segments: reply.u32(),
});

const readReply = (reply) => ({
  status: reply.u16(),
  headers: reply.list(() => [reply.text(), reply.text()]),
  body: reply.bytes(),
  reason: REASON_NAMES.get(reply.u16()),
});

function readAddress(reply) {
  const address = reply.bytes();
  return perform(
    operation.ADDRESS_TEXT, 0, (input) => input.bytes(address), (text) => text.text());
}

// A public key as a JWK (RFC 7518 section 6.3).
function readRsaKey(reply) {
  const [n, e] = [reply.bytes(), reply.bytes()].map(toBase64Url);
  return { kty: 'RSA', n, e };
}

// What each step carries.
const READ = {
  load: (reply) => ({ kind: readKind(reply), key: readKey(reply) }),
  swap: (reply) => ({ swap: readSwap(reply) }),
  assess: (reply) => ({ number: numberParts(reply).e164, country: reply.optional(reply.u16) }),
  deliver: (reply) => ({ message: readMessage(reply) }),
  introspect: (reply) => ({ token: reply.text() }),
  resolve: (reply) => ({ address: readAddress(reply) }),
  signingKeys: () => ({}),
  sign: (reply) => ({ key: readRsaKey(reply), message: reply.bytes() }),
  checkSignature: (reply) => (
    { key: readRsaKey(reply), message: reply.bytes(), signature: reply.bytes() }),
  reply: (reply) => ({ reply: readReply(reply) }),
};

function readStep(reply) {
  const step = STEP_NAMES.get(reply.u8());
  return { step, ...READ[step](reply) };
}

/** One request on its way to its reply. */
export class Exchange extends Handle {
  static name = 'Exchange';

  next(answer, nowMs) {
    const exchange = inner(this, Exchange);
    const name = text(answer?.answer, 'the answer');
    if (!Object.hasOwn(CARRIED, name)) throw new TypeError(`there is no answer ${name}`);
    const parts = options(answer, 'the answer', { answer: text, ...CARRIED[name] });
    const now = time(nowMs, 'nowMs');
    const write = (input) => packAnswer(input, name, parts).u64(now);
    return perform(operation.EXCHANGE_NEXT, exchange, write, readStep);
  }
}
