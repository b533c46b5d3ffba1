// Keyrings, policies, challenges, tokens, and outcomes that wait for their
// store.
import { bytes, exact, flag, numbers, optional, options, text, texts, u16, u32, u64 } from './check.js';
import { Handle, OWN, call, inner, taken } from './instance.js';
import { Hotp, Ocra, Totp, ocraInputs } from './oath.js';

const NOW = 'the time in milliseconds';
const CURRENT = 'the current record';
const TYPED = 'the typed code';

export class Keyring extends Handle {
  static generate() {
    return new Keyring(OWN, call((mpass) => mpass.Keyring.generate()));
  }

  static parse(keyring) {
    text(keyring, 'the keyring');
    return new Keyring(OWN, call((mpass) => mpass.Keyring.parse(keyring)));
  }

  expose() {
    const keyring = inner(this, Keyring);
    return call(() => keyring.expose());
  }

  add() {
    const keyring = inner(this, Keyring);
    return call(() => keyring.add());
  }

  activate(id) {
    const keyring = inner(this, Keyring);
    u16(id, 'the id');
    call(() => keyring.activate(id));
  }

  remove(id) {
    const keyring = inner(this, Keyring);
    u16(id, 'the id');
    call(() => keyring.remove(id));
  }

  get newest() {
    const keyring = inner(this, Keyring);
    return call(() => keyring.newest());
  }

  get ids() {
    const keyring = inner(this, Keyring);
    return Array.from(call(() => keyring.ids()));
  }
}

const LIMIT = { events: u32, windowMs: u64, burst: u32 };

function limit(value, what) {
  const checked = options(value, what, LIMIT);
  u32(checked.events, `${what}: events`);
  u64(checked.windowMs, `${what}: windowMs`);
  return checked;
}

const POLICY = {
  digits: u32,
  lifetimeMs: u64,
  tries: u32,
  resendIntervalMs: u64,
  sends: limit,
  guesses: limit,
  spend: limit,
  failuresToLock: u32,
  lockMs: u64,
  callingCodes: numbers,
  allowWeak: flag,
};

export class Policy extends Handle {
  constructor(settings) {
    const checked = options(settings, 'Policy', POLICY);
    if (checked.callingCodes) checked.callingCodes = Uint32Array.from(checked.callingCodes);
    super(OWN, call((mpass) => new mpass.Policy(checked)));
  }

  guessProbabilityPerChallenge() {
    const policy = inner(this, Policy);
    return call(() => policy.guessProbabilityPerChallenge());
  }

  guessProbabilityPerDay() {
    const policy = inner(this, Policy);
    return call(() => policy.guessProbabilityPerDay());
  }
}

export class Issued extends Handle {
  get code() {
    const issued = inner(this, Issued);
    return call(() => issued.code());
  }

  get endsAtMs() {
    const issued = inner(this, Issued);
    return Number(call(() => issued.endsAtMs()));
  }
}

export class Pending extends Handle {
  get key() {
    const pending = inner(this, Pending);
    return call(() => pending.key());
  }

  get expected() {
    const pending = inner(this, Pending);
    return call(() => pending.expected()) ?? null;
  }

  get next() {
    const pending = inner(this, Pending);
    return call(() => pending.next());
  }

  get expiresAtMs() {
    const pending = inner(this, Pending);
    return expiry(call(() => pending.expiresAtMs()));
  }

  /** What a store swaps. */
  swap() {
    const { key, expected, next: value, expiresAtMs } = this;
    return { kind: 'state', key, expected, value, expiresAtMs };
  }

  isWrittenIn(current) {
    const pending = inner(this, Pending);
    bytes(current, CURRENT);
    return call(() => pending.isWrittenIn(current));
  }

  stored() {
    const pending = taken(this, Pending);
    const outcome = call(() => pending.stored());
    return typeof outcome === 'object' ? new Issued(OWN, outcome) : outcome;
  }
}

/** Milliseconds, or `null` for what never expires. */
export const expiry = (expiresAtMs) =>
  expiresAtMs === (1n << 64n) - 1n ? null : Number(expiresAtMs);

const pendingOf = (held) => (held ? new Pending(OWN, held) : null);

function attempted([pending, verdict]) {
  return { pending: pendingOf(pending), verdict };
}

const currentOf = (current) => optional(current, CURRENT, bytes);

export class Challenge extends Handle {
  constructor(keyring, policy, binding) {
    const keys = inner(keyring, Keyring);
    const rules = inner(policy, Policy);
    const { service, tenant, number, context = '' } = options(
      binding, 'the binding', { service: exact, tenant: bytes, number: text, context: exact });
    text(service, 'service');
    bytes(tenant, 'tenant');
    text(number, 'number');
    super(OWN, call((mpass) =>
      new mpass.Challenge(keys, rules, service, tenant, number, context)));
  }

  get key() {
    const challenge = inner(this, Challenge);
    return call(() => challenge.key());
  }

  issue(current, nowMs) {
    const challenge = inner(this, Challenge);
    const record = currentOf(current);
    const now = u64(nowMs, NOW);
    const [pending, reason, retryAtMs] = call(() => challenge.issue(record, now));
    const refusal = reason === null ? null : { reason, retryAtMs: Number(retryAtMs) };
    return { pending: pendingOf(pending), refusal };
  }

  attempt(current, typed, nowMs) {
    const challenge = inner(this, Challenge);
    const record = currentOf(current);
    text(typed, TYPED);
    const now = u64(nowMs, NOW);
    return attempted(call(() => challenge.attempt(record, typed, now)));
  }

  refund(current, issued, nowMs) {
    const challenge = inner(this, Challenge);
    const record = currentOf(current);
    const code = inner(issued, Issued);
    const now = u64(nowMs, NOW);
    return pendingOf(call(() => challenge.refund(record, code, now)));
  }

  unlock(current, nowMs) {
    const challenge = inner(this, Challenge);
    const record = currentOf(current);
    const now = u64(nowMs, NOW);
    return pendingOf(call(() => challenge.unlock(record, now)));
  }
}

const TOKEN_POLICY = {
  lookAhead: u32,
  past: u32,
  future: u32,
  resyncWindow: u32,
  delayMs: u64,
  failuresToLock: u32,
  lockMs: u64,
};

export class Token extends Handle {
  constructor(keyring, tenant, id, policy) {
    const keys = inner(keyring, Keyring);
    bytes(tenant, 'the tenant');
    bytes(id, 'the id');
    const rules = options(policy, 'the policy', TOKEN_POLICY);
    super(OWN, call((mpass) => new mpass.Token(keys, rules, tenant, id)));
  }

  get key() {
    const token = inner(this, Token);
    return call(() => token.key());
  }

  enroll(counter, nowMs) {
    const token = inner(this, Token);
    const first = u64(counter, 'the counter');
    const now = u64(nowMs, NOW);
    return pendingOf(call(() => token.enroll(first, now)));
  }

  attemptHotp(current, hotp, typed, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const verifier = inner(hotp, Hotp);
    text(typed, TYPED);
    const now = u64(nowMs, NOW);
    return attempted(call(() => token.attemptHotp(record, verifier, typed, now)));
  }

  attemptTotp(current, totp, typed, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const verifier = inner(totp, Totp);
    text(typed, TYPED);
    const now = u64(nowMs, NOW);
    return attempted(call(() => token.attemptTotp(record, verifier, typed, now)));
  }

  attemptOcra(current, ocra, inputs, response, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const verifier = inner(ocra, Ocra);
    const checked = ocraInputs(inputs);
    text(response, 'the response');
    const now = u64(nowMs, NOW);
    return attempted(call(() => token.attemptOcra(record, verifier, checked, response, now)));
  }

  resynchronizeHotp(current, hotp, codes, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const verifier = inner(hotp, Hotp);
    const given = texts(codes, 'codes');
    const now = u64(nowMs, NOW);
    return attempted(call(() => token.resynchronizeHotp(record, verifier, given, now)));
  }

  resynchronizeTotp(current, totp, codes, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const verifier = inner(totp, Totp);
    const given = texts(codes, 'codes');
    const now = u64(nowMs, NOW);
    return attempted(call(() => token.resynchronizeTotp(record, verifier, given, now)));
  }

  ask(current, question, lifetimeMs, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    text(question, 'the question');
    const life = u64(lifetimeMs, 'the lifetime');
    const now = u64(nowMs, NOW);
    return pendingOf(call(() => token.ask(record, question, life, now)));
  }

  unlock(current, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const now = u64(nowMs, NOW);
    return pendingOf(call(() => token.unlock(record, now)));
  }

  status(current, nowMs) {
    const token = inner(this, Token);
    const record = currentOf(current);
    const now = u64(nowMs, NOW);
    const [last, drift, failures, retryAtMs] = call(() => token.status(record, now));
    return { last, drift, failures, retryAtMs: Number(retryAtMs) };
  }
}
