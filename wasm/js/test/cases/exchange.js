// The mPass exchange, and parallel attempts.
import { equal, ok, rejects, throws } from './assert.js';
import { NOON, World } from './world.js';

const DEST = '+966500000000';
const PARALLEL = 64;

export default (mpass) => ({
  async 'exchange: a code is sent, rejected, accepted, and used'() {
    const world = await World.open(mpass);
    const sent = await world.send(DEST, { lang: 'en_US' });
    equal(sent, {
      http: 200,
      description: 'Accept',
      status: '0',
      reason: 'sent',
      headers: [['Content-Type', 'application/json'], ['Cache-Control', 'no-store']],
    });
    const [message] = world.outbox;
    equal([message.to, message.language, message.alphabet, message.segments],
      [DEST, 'en_US', 'gsm7', 1]);
    equal((await world.verify(DEST, world.wrong())).reason, 'wrong_code');
    const accepted = await world.verify(DEST, world.code());
    equal([accepted.status, accepted.reason], ['0', 'accepted']);
    const again = await world.verify(DEST, world.code());
    equal([again.status, again.description, again.reason], ['3', 'Reject', 'used']);
  },

  async 'exchange: expired, unknown caller, bad number, other path'() {
    const world = await World.open(mpass);
    await world.send(DEST, { lang: 'ar_SA' });
    equal(world.outbox[0].alphabet, 'ucs2');
    world.clock += 300_000;
    equal((await world.verify(DEST, world.code())).status, '4');
    equal((await world.send('+0')).status, '1');
    equal((await world.get('/elsewhere', {})).http, 404);
    world.apikey = 'nobody';
    equal((await world.send(DEST)).description, 'Access Denied');
  },

  async 'exchange: tries are counted, whatever comes afterwards'() {
    const world = await World.open(mpass, { tries: 3 });
    await world.send(DEST);
    const reasons = [];
    for (let n = 0; n < 4; n += 1) {
      reasons.push((await world.verify(DEST, world.wrong())).reason);
    }
    equal(reasons, ['wrong_code', 'wrong_code', 'exhausted', 'exhausted']);
    equal((await world.verify(DEST, world.code())).reason, 'exhausted');
  },

  async 'exchange: a resend too early says when'() {
    const world = await World.open(mpass, { resendIntervalMs: 30_000 });
    await world.send(DEST);
    const early = await world.send(DEST);
    equal([early.http, early.reason], [429, 'resend_interval']);
    equal(early.headers.find(([name]) => name === 'Retry-After')[1], '30');
  },

  async 'exchange: the host knows numbers better'() {
    const world = await World.open(mpass);
    const asked = [];
    const words = {
      1: 'invalid',
      2: 'notAllowed',
      3: { mobile: true },
      4: { mobile: false },
      5: undefined,
      6: 'stored',
      7: { mobile: 'yes' },
      9: 'blocked',
      0: 'foreign',
    };
    world.host.assess = async (number, country) => {
      asked.push([number, country]);
      if (number.endsWith('8')) throw new Error('no directory');
      return words[number.at(-1)];
    };
    const reasons = [];
    for (const last of [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]) {
      reasons.push((await world.send(`+96650000000${last}`)).reason);
    }
    equal(reasons,
      ['invalid_number', 'number_not_allowed', 'sent', 'not_mobile', 'sent', 'wrong_answer',
        'wrong_answer', 'wrong_answer', 'number_blocked', 'foreign_number']);
    equal(asked[0], ['+966500000001', null]);
    // The number is the engine's canonical form, and no answer changes it.
    asked.length = 0;
    world.outbox.length = 0;
    world.host.assess = async (number) => { asked.push(number); return {}; };
    equal((await world.send('00966-50 (000) 0003')).reason, 'sent');
    equal([asked, world.outbox[0].to], [['+966500000003'], '+966500000003']);
    // The host is not asked about what the engine refuses.
    equal((await world.send('+999500000003')).reason, 'invalid_number');
    world.host.assess = async () => ({ number: mpass.PhoneNumber.parse('+966500000004') });
    equal((await world.send('+966500000003')).reason, 'wrong_answer');
    equal([asked.length, world.outbox.length], [1, 1]);
  },

  async 'exchange: a store that times out is read back'() {
    const world = await World.open(mpass);
    await world.send(DEST);
    world.faults = ['stored'];
    equal((await world.verify(DEST, world.code())).reason, 'accepted');
    equal((await world.verify(DEST, world.code())).reason, 'used');
    await world.send(DEST);
    world.faults = ['lost'];
    const lost = await world.verify(DEST, world.code());
    ok(['accepted', 'store_failed'].includes(lost.reason), lost.reason);
    await world.send(DEST);
    world.faults = ['failed'];
    equal((await world.verify(DEST, world.code())).reason, 'store_failed');
    equal((await world.verify(DEST, world.code())).reason, 'accepted');
  },

  async 'exchange: a store that rejects or says nothing gives nothing away'() {
    const world = await World.open(mpass);
    await world.send(DEST);
    const { load, swap, list } = world.host.store;
    const reject = async () => { throw new Error('no connection'); };
    const replies = [];
    for (const broken of [
      { load: reject, swap },
      { load: async () => 'a text', swap },
      { load, swap: reject },
      { load, swap: async () => undefined },
      { load, swap: async () => ({ stored: 'yes' }) },
      { load, swap: async () => ({ stored: false, current: 'a text' }) },
      { load, swap: async () => ({ stored: false, expired: 'yes' }) },
      { load, swap: async () => ({ stored: false, expired: true }) },
    ]) {
      world.host.store = { list, ...broken };
      replies.push((await world.verify(DEST, world.code())).reason);
    }
    // An invalid swap result is read back, and the swap retried up to a limit.
    equal(replies, ['store_failed', 'store_failed', ...Array(5).fill('too_many_conflicts'),
      'store_expired']);
    world.host.store = { load, swap };
    await rejects(world.verify(DEST, '000000'), 'TypeError');
    const silent = { list, load: async () => null, swap: async () => ({ stored: 'yes' }) };
    const tenants = new mpass.Tenants(world.keyring, silent);
    await rejects(tenants.create('channel', { name: 'other' }), 'StoreUnknown');
  },

  async 'exchange: a gateway that refuses or breaks'() {
    const world = await World.open(mpass);
    world.gateway = 'refused';
    equal((await world.send(DEST)).reason, 'gateway_refused');
    world.gateway = 'throw';
    equal((await world.send(DEST)).reason, 'gateway_unknown');
    world.gateway = 'something else';
    equal((await world.send(DEST)).reason, 'gateway_unknown');
  },

  async 'exchange: driven by hand'() {
    const world = await World.open(mpass);
    const request = {
      method: 'GET',
      path: '/mpass-web/rest/mv/verify',
      query: `apikey=${world.apikey}&dest=%2B966500000000&otp=000000`,
      peer: '::1',
    };
    const exchange = world.engine.begin(request, NOON);
    const first = exchange.next({ answer: 'begin' }, NOON);
    equal([first.step, first.kind, first.key.length], ['load', 'document', 16]);
    const value = await world.memory.load(first.kind, first.key);
    const second = exchange.next({ answer: 'loaded', value }, NOON);
    equal(second, { step: 'assess', number: '+966500000000', country: null });
    equal(exchange.next({ answer: 'unsupported' }, NOON).step, 'load');
    const last = exchange.next({ answer: 'stored' }, NOON);
    equal([last.step, last.reply.reason], ['reply', 'wrong_answer']);
    throws(() => exchange.next({ answer: 'perhaps' }, NOON), 'TypeError');
  },

  async 'exchange: requests and responses of the Fetch API'() {
    const world = await World.open(mpass);
    const request = new Request('http://localhost/mpass-web/rest/mv/msg', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `apikey=${world.apikey}&dest=%2B966500000000`,
    });
    const own = await mpass.fromFetch(request, '127.0.0.1');
    const response = mpass.toResponse(await mpass.serve(world.engine, own, world.host));
    equal([response.status, response.headers.get('cache-control'), await response.text()],
      [200, 'no-store', '{"description":"Accept","status":"0"}']);
    const large = new Request('http://localhost/mpass-web/rest/mv/msg', {
      method: 'POST', body: 'x'.repeat(100_000),
    });
    const cut = await mpass.fromFetch(large, '127.0.0.1');
    equal((await mpass.serve(world.engine, cut, world.host)).status, 413);
  },

  async 'exchange: a host without its parts'() {
    const world = await World.open(mpass);
    const request = { method: 'GET', path: '/', peer: '127.0.0.1' };
    const { store, deliver } = world.host;
    await rejects(mpass.serve(world.engine, request, undefined), 'TypeError');
    await rejects(mpass.serve(world.engine, request, { store }), 'TypeError');
    await rejects(mpass.serve(world.engine, request, { store: {}, deliver }), 'TypeError');
    await rejects(mpass.serve({}, request, world.host), 'TypeError');
    await rejects(mpass.serve(world.engine, request, { store, deliver, now: 1 }), 'TypeError');
    const nowhere = { ...request, peer: 'localhost' };
    await rejects(mpass.serve(world.engine, nowhere, world.host), 'InvalidAddress');
  },

  async 'parallel attempts: of right codes exactly one is accepted'() {
    const world = await World.open(mpass);
    let attempts = 0;
    for (let round = 0; round < 8; round += 1) {
      const dest = `+96650000010${round}`;
      await world.send(dest);
      const code = world.code();
      const replies = await Promise.all(
        Array.from({ length: PARALLEL }, () => world.verify(dest, code)));
      const count = (status) => replies.filter((reply) => reply.status === status).length;
      equal([count('0'), count('3')], [1, PARALLEL - 1]);
      attempts += replies.length;
    }
    return attempts;
  },

  async 'parallel attempts: wrong codes cost the challenge'() {
    const tries = 5;
    const world = await World.open(mpass, { tries });
    let attempts = 0;
    for (let round = 0; round < 8; round += 1) {
      const dest = `+96650000020${round}`;
      await world.send(dest);
      const wrong = world.wrong();
      const replies = await Promise.all(
        Array.from({ length: PARALLEL }, () => world.verify(dest, wrong)));
      ok(replies.every((reply) => reply.status === '3'));
      const told = replies.filter((reply) => reply.reason === 'wrong_code').length;
      // The last try is reported as exhausted, not as wrong.
      equal(told, tries - 1);
      equal((await world.verify(dest, world.code())).reason, 'exhausted');
      attempts += replies.length;
    }
    return attempts;
  },
});
