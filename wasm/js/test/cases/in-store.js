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
  const self = { memory, keyring, challenge, now: NOON, loadMs: 0, swapMs: 0, fault: null };
  self.clock = () => self.now;
  self.store = {
    async load(kind, key) {
      const value = await memory.load(kind, key);
      self.now += self.loadMs;
      if (self.fault === 'unreadable') throw new Error('broken');
      return value;
    },
    async swap(swap, nowMs) {
      self.now += self.swapMs;
      const { fault } = self;
      if (fault !== 'silent') self.fault = null;
      if (fault === 'lost') throw new Error('timed out');
      if (fault === 'failed') throw mpass.MpassError.of('StoreFailed');
      if (fault === 'silent') return undefined;
      if (fault === 'conflict') {
        return { stored: false, current: await memory.load(swap.kind, swap.key) };
      }
      const swapped = await memory.swap(swap, nowMs);
      if (fault === 'stored') throw new Error('timed out');
      if (fault === 'unknown') throw mpass.MpassError.of('StoreUnknown');
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

  async 'in a store: a slow store accepts no code that has ended, and lengthens no life'() {
    const self = desk(mpass);
    Object.assign(self, { loadMs: 4000, swapMs: MINUTE });
    const { code, endsAtMs } = await self.issue();
    equal(endsAtMs, NOON + 4000 + 5 * MINUTE);
    Object.assign(self, { loadMs: 1, swapMs: 0, now: endsAtMs - 1 });
    equal(await self.attempt(code), 'Expired');
    self.loadMs = 10_001;
    await rejects(self.attempt(code), 'OperationTooOld');
  },

  async 'in a store: what is stored is found after a lost answer'() {
    for (const fault of ['stored', 'unknown', 'lost', 'conflict']) {
      const self = desk(mpass);
      self.fault = fault;
      const { code } = await self.issue();
      equal(self.fault, null);
      self.fault = fault;
      equal(await self.attempt(code), 'Accept');
      equal(await self.attempt(code), 'Used');
    }
  },

  async 'in a store: what is not stored is not released'() {
    const self = desk(mpass);
    const { code } = await self.issue();
    self.fault = 'failed';
    await rejects(self.attempt(code), 'StoreFailed');
    self.fault = 'unreadable';
    const error = await self.attempt(code).catch((thrown) => thrown);
    equal([error.name, error.cause.message], ['StoreFailed', 'broken']);
    self.fault = 'silent';
    await rejects(self.attempt(code), 'StoreUnknown');
    self.fault = null;
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
