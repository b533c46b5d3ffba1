// Challenges and tokens in one call, on stores that are slow, fail, or lose their
// answers.
import { equal, ok, rejects } from './assert.js';
import { NOON } from './world.js';

const ASCII = (text) => new TextEncoder().encode(text);
const MINUTE = 60_000;
const PARALLEL = 16;

/** A different code of the same length. */
const wrong = (code) => code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');

/** A challenge, and a store with planned faults and a clock that it moves. */
function desk(mpass, rules) {
  const memory = new mpass.MemoryStore(1000);
  const keyring = mpass.Keyring.generate();
  const challenge = new mpass.Challenge(keyring, new mpass.Policy(rules), {
    service: 'login', tenant: ASCII('acme'), subject: { number: '+966500000000' },
  });
  const self = {
    memory, keyring, challenge, now: NOON, loadMs: 0, swapMs: 0, loads: [], swaps: [], everySwap: 'ok',
  };
  self.clock = () => self.now;
  self.store = {
    async load(kind, key) {
      const value = await memory.load(kind, key);
      self.now += self.loadMs;
      const answer = self.loads.shift() ?? 'ok';
      if (answer === 'failed') throw new Error('broken');
      if (answer === 'flipped') value[50] ^= 1;
      return value;
    },
    async swap(swap, nowMs) {
      self.now += self.swapMs;
      const answer = self.swaps.shift() ?? self.everySwap;
      if (answer === 'lost-unknown') throw new Error('timed out');
      if (answer === 'failed') throw mpass.MpassError.of('StoreFailed');
      if (answer === 'full') throw mpass.MpassError.of('StoreFull');
      if (answer === 'expired') return { stored: false, expired: true };
      if (answer === 'silent') return undefined;
      if (answer === 'conflict') {
        return { stored: false, current: await memory.load(swap.kind, swap.key) };
      }
      const swapped = await memory.swap(swap, nowMs);
      if (answer === 'stored-unknown') throw new Error('timed out');
      if (answer === 'stored-failed') throw mpass.MpassError.of('StoreFailed');
      return swapped;
    },
    list: (after, limit) => memory.list(after, limit),
  };
  self.issue = async () => {
    const { issued, refusal } = await challenge.issue(self.store, self.clock);
    equal(refusal, null);
    return issued;
  };
  self.attempt = (typed) => challenge.attempt(self.store, typed, self.clock);
  return self;
}

/** What a step types. */
function typedIn(step, code) {
  if (step === 'malformed') return `${code}x`;
  return step === 'right' ? code : wrong(code);
}

/** Performs a step of a vector and returns the name of its outcome. */
async function perform(self, step, last) {
  const operation = step === 'issue'
    ? self.challenge.issue(self.store, self.clock)
    : self.attempt(typedIn(step, last?.code ?? '000000'));
  try {
    const outcome = await operation;
    return typeof outcome === 'string' ? { outcome } : {
      outcome: outcome.refusal?.reason ?? 'Issued', issued: outcome.issued,
    };
  } catch (error) {
    return { outcome: error.name };
  }
}

/** The vectors that every language runs. */
export async function vectors(mpass, file) {
  for (const { name, steps } of file.vectors) {
    const self = desk(mpass);
    let last = null;
    for (const [at, step] of steps.entries()) {
      self.now += step.pass_ms ?? 0;
      self.loadMs = step.load_ms ?? 0;
      self.swapMs = step.swap_ms ?? 0;
      self.loads = [...step.loads ?? []];
      self.swaps = [...step.swaps ?? []];
      const { outcome, issued } = await perform(self, step.do, last);
      equal(outcome, step.expect, `${name}, step ${at}`);
      last = issued ?? last;
      if (step.life_ms) equal(last.endsAtMs, NOON + step.life_ms, name);
    }
  }
  return file.vectors.length;
}

export default (mpass) => ({
  async 'in a store: a challenge is issued, attempted and refunded'() {
    const { challenge, store, clock, issue, attempt } = desk(mpass);
    equal(await challenge.unlock(store, clock), false);
    equal(await attempt('000000'), 'NoChallenge');
    const issued = await issue();
    equal(issued.endsAtMs, NOON + 5 * MINUTE);
    equal(await challenge.issue(store, clock), {
      issued: null, refusal: { reason: 'ResendInterval', retryAtMs: NOON + 30_000 },
    });
    equal(await attempt(wrong(issued.code)), 'Wrong');
    equal(await challenge.unlock(store, clock), true);
    equal(await attempt(issued.code), 'Accept');
    equal(await attempt(issued.code), 'Used');
    equal(await challenge.refund(store, issued, clock), false);
    const later = () => NOON + MINUTE;
    const { issued: another } = await challenge.issue(store, later);
    equal(await challenge.refund(store, another, later), true);
    equal(await challenge.attempt(store, another.code, later), 'NoChallenge');
  },

  async 'in a store: wrong stores, and what they throw'() {
    const self = desk(mpass);
    const { code } = await self.issue();
    self.loads = ['failed'];
    const error = await self.attempt(code).catch((thrown) => thrown);
    equal([error.name, error.cause.message], ['StoreFailed', 'broken']);
    self.everySwap = 'silent';
    await rejects(self.attempt(code), 'StoreUnknown');
    self.everySwap = 'ok';
    equal(await self.attempt(code), 'Accept');
    await rejects(self.challenge.attempt({ load() {} }, code), 'TypeError');
    await rejects(self.challenge.attempt(self.store, 7), 'TypeError');
    await rejects(self.challenge.attempt(self.store, code, NOON), 'TypeError');
    await rejects(self.challenge.attempt(self.store, code, () => -1), 'RangeError');
  },

  async 'in a store: parallel attempts share the tries, and one is accepted'() {
    for (const isRight of [true, false]) {
      const self = desk(mpass, { tries: 5 });
      const { code } = await self.issue();
      const typed = isRight ? code : wrong(code);
      const verdicts = await Promise.all(Array.from({ length: PARALLEL }, () => self.attempt(typed)));
      const count = (name) => verdicts.filter((verdict) => verdict === name).length;
      equal([count('Accept'), count('Wrong')], isRight ? [1, 0] : [0, 4]);
    }
    return 2 * PARALLEL;
  },

  async 'in a store: a token accepts a code once'() {
    const { store, clock, keyring, ...self } = desk(mpass);
    const secret = mpass.Secret.fromBytes(ASCII('12345678901234567890'));
    const [hotp, totp] = [new mpass.Hotp(secret), new mpass.Totp(secret)];
    const ocra = new mpass.Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08');
    const token = new mpass.Token(keyring, ASCII('acme'), ASCII('7'), { delayMs: 0 });
    equal(await token.unlock(store, clock), false);
    equal(await token.enroll(store, 1, clock), true);
    equal(await token.enroll(store, 0, clock), false);
    equal(await token.attemptHotp(store, hotp, '755224', clock), 'Wrong');
    equal(await token.attemptHotp(store, hotp, '287082', clock), 'Accept');
    equal(await token.attemptHotp(store, hotp, '287082', clock), 'Wrong');
    equal(await token.resynchronizeHotp(store, hotp, ['399871', '520489'], clock), 'Accept');
    equal(await token.resynchronizeTotp(store, totp, ['399871', '520489'], clock), 'Wrong');
    await rejects(token.resynchronizeHotp(store, hotp, [], clock), 'ResyncCodes');
    await token.ask(store, '00000000', MINUTE, clock);
    const answer = () => token.attemptOcra(store, ocra, { question: '00000000' }, '237653', clock);
    equal([await answer(), await answer()], ['Accept', 'Used']);
    const right = totp.generate(Math.floor(NOON / 1000));
    equal(await token.attemptTotp(store, totp, right, clock), 'Accept');
    equal(await token.attemptTotp(store, totp, right, clock), 'Replayed');
    equal(await token.unlock(store, clock), true);
    ok(self.memory.size > 0);
  },
});
