// Secrets, HOTP, TOTP, OCRA and key URIs.
import {
  bytes, flag, integer64, options, text, texts, u32, u64, words,
} from './check.js';
import { Handle, OWN, call, inner } from './instance.js';

// The classes of the module take a counter, a step or a time in two halves of
// 32 bits and a code of ASCII digits packed: no text and no BigInt is made for
// a call that needs none.
const HALF = 2 ** 32;
const LOW_HALF = 0xffffffffn;
const CODE = 'the code';
const COUNTER = 'the counter';
const TIME = 'the time';

export class Secret extends Handle {
  static fromBytes(secret) {
    bytes(secret, 'the secret');
    return new Secret(OWN, call((mpass) => mpass.Secret.fromBytes(secret)));
  }

  static fromBase32(secret) {
    text(secret, 'the secret');
    return new Secret(OWN, call((mpass) => mpass.Secret.fromBase32(secret)));
  }

  static fromHex(secret) {
    text(secret, 'the secret');
    return new Secret(OWN, call((mpass) => mpass.Secret.fromHex(secret)));
  }

  static generate(algorithm = 'SHA1') {
    text(algorithm, 'the algorithm');
    return new Secret(OWN, call((mpass) => mpass.Secret.generate(algorithm)));
  }

  expose() {
    const secret = inner(this, Secret);
    return call(() => secret.expose());
  }

  exposeBase32() {
    const secret = inner(this, Secret);
    return call(() => secret.exposeBase32());
  }

  exposeHex() {
    const secret = inner(this, Secret);
    return call(() => secret.exposeHex());
  }
}

/** The halves of what `u64` has checked. */
const high = (value) =>
  typeof value === 'bigint' ? Number(value >> 32n) : Math.floor(value / HALF);
const low = (value) => (typeof value === 'bigint' ? Number(value & LOW_HALF) : value % HALF);

// Joining two texts that are there is quicker than writing and filling one.
const THREES = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** The text of a code, leading zeros included. */
function written(value, digits) {
  const upper = Math.floor(value / 1000);
  const left = digits === 6 ? THREES[upper] : String(upper).padStart(digits - 3, '0');
  return left + THREES[value % 1000];
}

// What a packed code has room for: four bits for each digit, and a 1 before
// them.
const MOST = 15;
const packed = { high: 0, low: 0 };

/**
 * Packs a text of ASCII digits alone into `packed`; false for any other, which
 * crosses as it is: the engine takes digits of other scripts, too. Which of
 * them are codes is the engine's to say.
 */
function pack(typed) {
  if (typed.length > MOST) return false;
  let [above, below, isPlain] = [0, 1, true];
  for (let at = 0; at < typed.length; at += 1) {
    const digit = typed.charCodeAt(at) - 48;
    isPlain = isPlain && digit >= 0 && digit <= 9;
    above = (above << 4) | (below >>> 28);
    below = (below << 4) | (digit & 15);
  }
  packed.high = above;
  packed.low = below;
  return isPlain;
}

const position = (first, distance) =>
  (distance === undefined ? null : BigInt(first) + BigInt(distance));

const CODES = { algorithm: text, digits: u32, allowShort: flag };

function hotpValue(handle, counter) {
  const hotp = inner(handle, Hotp);
  integer64(counter, COUNTER);
  return call(() => hotp.value(high(counter), low(counter)));
}

export class Hotp extends Handle {
  #digits;

  constructor(secret, settings) {
    const held = inner(secret, Secret);
    const { algorithm = 'SHA1', digits = 6, allowShort = false } = options(
      settings, 'Hotp', CODES);
    super(OWN, call((mpass) => new mpass.Hotp(held, algorithm, digits, allowShort)));
    this.#digits = digits;
  }

  generate(counter) {
    const value = hotpValue(this, counter);
    return written(value, this.#digits);
  }

  generateValue(counter) {
    return hotpValue(this, counter);
  }

  generateRange(first, values) {
    const hotp = inner(this, Hotp);
    integer64(first, 'the first counter');
    words(values, 'the values');
    return call(() => hotp.range(high(first), low(first), values));
  }

  verify(code, counter, lookAhead = 0) {
    const hotp = inner(this, Hotp);
    text(code, CODE);
    integer64(counter, COUNTER);
    u32(lookAhead, 'the look-ahead');
    if (!pack(code)) return call(() => hotp.verify(code, BigInt(counter), lookAhead)) ?? null;
    return position(counter, call(() =>
      hotp.find(packed.high, packed.low, high(counter), low(counter), lookAhead)));
  }

  resynchronize(codes, counter, window) {
    const hotp = inner(this, Hotp);
    const given = texts(codes, 'codes');
    const at = u64(counter, COUNTER);
    u32(window, 'the window');
    return call(() => hotp.resynchronize(given, at, window)) ?? null;
  }
}

function totpValue(handle, unixSeconds) {
  const totp = inner(handle, Totp);
  integer64(unixSeconds, TIME);
  const value = call(() => totp.value(high(unixSeconds), low(unixSeconds)));
  // Without a step there is no code, and the engine says why.
  if (value === undefined) call(() => totp.timeStep(BigInt(unixSeconds)));
  return value;
}

export class Totp extends Handle {
  #digits;

  constructor(secret, settings) {
    const held = inner(secret, Secret);
    const { algorithm = 'SHA1', digits = 6, allowShort = false, step = 30n, t0 = 0n } = options(
      settings, 'Totp', { ...CODES, step: u64, t0: u64 });
    super(OWN, call((mpass) => new mpass.Totp(held, algorithm, digits, step, t0, allowShort)));
    this.#digits = digits;
  }

  timeStep(unixSeconds) {
    const totp = inner(this, Totp);
    const time = u64(unixSeconds, TIME);
    return call(() => totp.timeStep(time));
  }

  remainingSeconds(unixSeconds) {
    const totp = inner(this, Totp);
    const time = u64(unixSeconds, TIME);
    return Number(call(() => totp.remainingSeconds(time)));
  }

  generate(unixSeconds) {
    const value = totpValue(this, unixSeconds);
    return written(value, this.#digits);
  }

  generateValue(unixSeconds) {
    return totpValue(this, unixSeconds);
  }

  generateStep(step) {
    const totp = inner(this, Totp);
    integer64(step, 'the time step');
    return written(call(() => totp.stepValue(high(step), low(step))), this.#digits);
  }

  verify(code, unixSeconds, past = 1, future = 0) {
    const totp = inner(this, Totp);
    text(code, CODE);
    integer64(unixSeconds, TIME);
    u32(past, 'past');
    u32(future, 'future');
    const time = () => BigInt(unixSeconds);
    if (!pack(code)) return call(() => totp.verify(code, time(), past, future)) ?? null;
    const distance = call(() =>
      totp.find(packed.high, packed.low, high(unixSeconds), low(unixSeconds), past, future));
    if (distance === undefined) return null;
    return position(call(() => totp.timeStep(time())), distance);
  }

  verifySteps(code, firstStep, count) {
    const totp = inner(this, Totp);
    text(code, CODE);
    integer64(firstStep, 'the first step');
    u32(count, 'the count');
    if (!pack(code)) return call(() => totp.verifySteps(code, BigInt(firstStep), count)) ?? null;
    return position(firstStep, call(() =>
      totp.findStep(packed.high, packed.low, high(firstStep), low(firstStep), count)));
  }

  resynchronize(codes, unixSeconds, past, future) {
    const totp = inner(this, Totp);
    const given = texts(codes, 'codes');
    const time = u64(unixSeconds, TIME);
    u32(past, 'past');
    u32(future, 'future');
    return call(() => totp.resynchronize(given, time, past, future)) ?? null;
  }

  resynchronizeSteps(codes, firstStep, count) {
    const totp = inner(this, Totp);
    const given = texts(codes, 'codes');
    const first = u64(firstStep, 'the first step');
    u32(count, 'the count');
    return call(() => totp.resynchronizeSteps(given, first, count)) ?? null;
  }
}

const INPUTS = {
  question: text,
  counter: u64,
  pin: text,
  pinHash: bytes,
  session: bytes,
  unixSeconds: u64,
  timeStep: u64,
};

/** The inputs of OCRA, checked; a question there has to be. */
export function ocraInputs(inputs) {
  const checked = options(inputs, 'the inputs', INPUTS);
  text(checked.question, 'the question');
  return checked;
}

export class Ocra extends Handle {
  constructor(secret, suite, settings) {
    const held = inner(secret, Secret);
    text(suite, 'the suite');
    const { allowShort = false } = options(settings, 'Ocra', { allowShort: flag });
    super(OWN, call((mpass) => new mpass.Ocra(held, suite, allowShort)));
  }

  get suite() {
    const ocra = inner(this, Ocra);
    return call(() => ocra.suite());
  }

  respond(inputs) {
    const ocra = inner(this, Ocra);
    const checked = ocraInputs(inputs);
    return call(() => ocra.respond(checked));
  }

  verify(response, inputs, tolerance) {
    const ocra = inner(this, Ocra);
    text(response, 'the response');
    const checked = ocraInputs(inputs);
    const { lookAhead = 0, past = 0, future = 0 } = options(
      tolerance, 'the tolerance', { lookAhead: u32, past: u32, future: u32 });
    const matched = call(() => ocra.verify(response, checked, lookAhead, past, future));
    if (matched === null) return null;
    const [counter, timeStep] = matched;
    return { counter, timeStep };
  }

  generateQuestion() {
    const ocra = inner(this, Ocra);
    return call(() => ocra.generateQuestion());
  }

  signatureQuestion(algorithm, data) {
    const ocra = inner(this, Ocra);
    text(algorithm, 'the algorithm');
    bytes(data, 'the data');
    return call(() => ocra.signatureQuestion(algorithm, data));
  }

  static mutualQuestions(client, server) {
    text(client, "the client's question");
    text(server, "the server's question");
    const [forServerResponse, forClientResponse] = call((mpass) =>
      mpass.Ocra.mutualQuestions(client, server));
    return { forServerResponse, forClientResponse };
  }
}

const URI = {
  account: text,
  issuer: text,
  algorithm: text,
  digits: u32,
  counter: u64,
  period: u64,
};

export class KeyUri extends Handle {
  static parse(uri) {
    text(uri, 'the key URI');
    return new KeyUri(OWN, call((mpass) => mpass.KeyUri.parse(uri)));
  }

  static write(secret, parts) {
    const held = inner(secret, Secret);
    const checked = options(parts, 'KeyUri', URI);
    text(checked.account, 'the account');
    if (checked.counter !== undefined && checked.period !== undefined) {
      throw new TypeError('a key URI has a counter (HOTP) or a period (TOTP), not both');
    }
    return new KeyUri(OWN, call((mpass) => mpass.KeyUri.write(checked, held)));
  }

  facts() {
    const uri = inner(this, KeyUri);
    const [counter, period, issuer, account, algorithm, digits, parameters, cautions] =
      call(() => uri.facts());
    const kind = period === null ? 'hotp' : 'totp';
    return { kind, counter, period, issuer, account, algorithm, digits, parameters, cautions };
  }

  secret() {
    const uri = inner(this, KeyUri);
    return new Secret(OWN, call(() => uri.secret()));
  }

  expose() {
    const uri = inner(this, KeyUri);
    return call(() => uri.expose());
  }
}
