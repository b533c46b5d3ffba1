// Channels, customers and clients: common behaviour, and the settings of each.
import { equal, ok, rejects, throws } from './assert.js';
import files from './misuses.js';
import { opened } from './services.js';
import { NOON, World } from './world.js';

// A point of P-256: the generator (SEC 2 section 2.4.2).
const POINT = Uint8Array.from(
  ('046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'
    + '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5').match(/../g),
  (byte) => parseInt(byte, 16));
const SHARED = {
  addresses: ['10.0.0.0/8'],
  host: 'shop.example',
  sender: 'SHOP',
  androidAppHashes: ['965mn/jzPaJ'],
};

const SCENARIO = files['tenants.json'];

/** For each kind: its class, settings with all fields, and the defaults. */
const kinds = (mpass) => [
  {
    kind: 'channel',
    Class: mpass.Channel,
    settings: {
      name: 'market',
      apps: ['My Shop'],
      country: 966,
      texts: { ar: 'رمزك {{code}}', 'en-GB': 'Your code: {{code}}' },
    },
    bare: { apps: [], country: null, texts: {} },
  },
  {
    kind: 'customer',
    Class: mpass.Customer,
    settings: { name: 'C-0123456789ABCDE', testCredits: 7n, texts: { en: 'Your code: {{code}}' } },
    bare: { testCredits: 100n, texts: {} },
  },
  {
    kind: 'client',
    Class: mpass.Client,
    settings: {
      name: 'app',
      scopes: ['number-verification:device-phone-number:read'],
      redirectUris: ['https://shop.example/back'],
      publicKey: POINT,
      idTokenAlg: 'RS256',
    },
    bare: {
      scopes: ['number-verification:verify', 'one-time-password-sms:send-validate'],
      redirectUris: [],
      publicKey: null,
      idTokenAlg: 'ES256',
    },
  },
];

/** Entries sorted by name, for comparison. */
const sorted = (facts) => Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));

/** The steps of the shared scenario, by name, over kept credentials and stamps. */
function administration(world) {
  const { tenants, keyring, memory, mpass } = world;
  const [channel, customer] = [SCENARIO.channel, SCENARIO.customer];
  const [credentials, stamps] = [new Map(), new Map()];
  const keep = (step, { credential, stamp }) => {
    if (step.credential !== undefined) credentials.set(step.credential, credential);
    if (step.stamped !== undefined) stamps.set(step.stamped, stamp);
  };
  const steps = {
    async create(step) {
      keep(step, await tenants.create('channel', { name: channel }));
    },
    async read({ digits, stamp }) {
      const facts = await tenants.read('channel', channel);
      equal(facts.policy.digits, digits);
      if (stamp !== undefined) equal(facts.stamp, stamps.get(stamp));
    },
    async update({ digits, stamp, ...step }) {
      const settings = { stamp: stamps.get(stamp) };
      const facts = await tenants.update('channel', channel, { policy: { digits } }, settings);
      keep(step, facts);
    },
    async rotate({ overlap_ms: overlapMs, until_ms: untilMs, ...step }) {
      const rotated = await tenants.rotate('channel', channel, { overlapMs });
      keep(step, rotated);
      equal(rotated.predecessorUntilMs, untilMs === null ? null : NOON + untilMs);
    },
    async works({ credential, expected }) {
      const key = mpass.Channel.storeKey(keyring, channel);
      const opened = mpass.Channel.open(keyring, key, await memory.load('document', key));
      const has = opened.hasCredential(keyring, credentials.get(credential), world.clock);
      equal(has && !opened.facts().isRevoked, expected);
    },
    async unlock({ number }) {
      await tenants.unlock('channel', channel, number);
    },
    async revoke() {
      equal((await tenants.revoke('channel', channel)).isRevoked, true);
    },
    async 'create-customer'({ credits }) {
      await tenants.create('customer', { name: customer, testCredits: credits });
    },
    async credits({ paid, balance }) {
      equal(await tenants.addCredits(customer, paid), BigInt(balance ?? 0));
    },
  };
  return async (step) => {
    world.clock = NOON + (step.at_ms ?? 0);
    return steps[step.call](step);
  };
}

export default (mpass) => ({
  async 'tenants: the shared scenario of administration'() {
    const world = new World(mpass, null);
    const perform = administration(world);
    for (const [at, step] of SCENARIO.steps.entries()) {
      const what = `step ${at}, ${step.call}`;
      if (step.error !== undefined) await rejects(perform(step), step.error, what);
      else await perform(step).catch((error) => { throw new Error(`${what}: ${error.message}`); });
    }
    return SCENARIO.steps.length;
  },

  async 'tenants: a store that stores and then throws loses no credential'() {
    for (const { kind, Class, settings: { name } } of kinds(mpass)) {
      for (const fault of ['stored', 'lost']) {
        const world = new World(mpass, null);
        const tenants = new mpass.Tenants(world.keyring, world.host.store, { now: () => NOON });
        const works = async (credential) => {
          const tenant = await opened(world, Class, name);
          return tenant.hasCredential(world.keyring, credential, NOON);
        };
        // A customer's credits are stored first.
        world.faults = kind === 'customer' ? [fault, fault] : [fault];
        const { credential: first } = await tenants.create(kind, { name });
        equal([await works(first), world.faults], [true, []]);
        world.faults = [fault];
        const { credential: second } = await tenants.rotate(kind, name, { overlapMs: 0 });
        equal([await works(first), await works(second), world.faults], [false, true, []]);
      }
    }
  },

  async 'tenants: what is not stored is not released'() {
    const world = new World(mpass, null);
    const tenants = new mpass.Tenants(world.keyring, world.host.store, { now: () => NOON });
    world.faults = ['failed'];
    const error = await rejects(tenants.create('channel', { name: 'shop' }), 'StoreFailed');
    equal(error.cause.name, 'StoreFailed');
    await rejects(tenants.read('channel', 'shop'), 'TenantMissing');
  },

  async 'tenants: a number is unlocked'() {
    const world = await World.open(mpass, { failuresToLock: 1 });
    const number = '+966500000000';
    await world.send(number);
    await world.verify(number, world.wrong());
    equal((await world.send(number)).reason, 'number_locked');
    await world.tenants.unlock('channel', 'shop', mpass.PhoneNumber.parse(number));
    equal((await world.send(number)).reason, 'sent');
  },

  async 'tenants: a credential is accepted by the contract until its overlap ends'() {
    const world = await World.open(mpass);
    const send = async (apikey) => (await world.get('/mpass-web/rest/mv/msg', { apikey, dest: '+966500000000' })).reason;
    const { credential, predecessorUntilMs } = await world.tenants.rotate(
      'channel', 'shop', { overlapMs: 60_000 });
    equal(predecessorUntilMs, NOON + 60_000);
    equal([await send(world.apikey), await send(credential)], ['sent', 'sent']);
    world.clock = predecessorUntilMs;
    equal([await send(world.apikey), await send(credential)], ['unknown_credential', 'sent']);
    await world.tenants.revoke('channel', 'shop');
    equal(await send(credential), 'revoked');
  },

  async 'tenants: listed page by page'() {
    const world = new World(mpass, null);
    const { tenants } = world;
    const names = Array.from({ length: 5 }, (_, at) => `shop${at}`);
    for (const name of names) await tenants.create('channel', { name });
    await tenants.create('client', { name: 'app' });
    const listed = [];
    let after = null;
    let pages = 0;
    do {
      const page = await tenants.list('channel', { after, limit: 2 });
      listed.push(...page.tenants);
      after = page.next;
      pages += 1;
    } while (after !== null);
    equal(listed.map(({ name }) => name).sort(), names);
    ok(pages >= 3);
    equal(listed[0], await tenants.read('channel', listed[0].name));
    const other = new mpass.Tenants(mpass.Keyring.generate(), world.memory);
    equal(await other.list('channel'), { tenants: [], unreadable: 6, next: null });
    const broken = new mpass.Tenants(world.keyring, { ...world.host.store, list: async () => [{}] });
    await rejects(broken.list('channel'), 'StoreFailed');
  },

  async 'tenants: provisioned, and sealed with a newer key'() {
    const world = new World(mpass, null);
    const { tenants, keyring } = world;
    const [name, secret] = ['C-0123456789ABCDE', 'A'.repeat(43)];
    const first = await tenants.provision('customer', { name }, secret);
    equal(first.isChanged, true);
    equal(await tenants.provision('customer', { name }, secret), { ...first, isChanged: false });
    const { stamp } = await tenants.provision('customer', { name, sender: 'Shop' }, secret);
    const facts = await tenants.read('customer', name);
    equal([facts.sender, facts.stamp, facts.keyVersion], ['Shop', stamp, 1]);
    const id = keyring.add();
    keyring.activate(id);
    const newer = new mpass.Tenants(keyring, world.memory, { now: () => NOON });
    equal(await newer.reseal(), { resealed: 1, unreadable: 0 });
    equal(await newer.reseal(), { resealed: 0, unreadable: 0 });
  },

  async 'tenants: facts are the settings, and an update changes what it names'() {
    for (const { kind, settings, bare } of kinds(mpass)) {
      const facts = async (given) => {
        const { tenants } = new World(mpass, null);
        const created = await tenants.create(kind, given);
        const read = await tenants.read(kind, given.name);
        const { policy, id, stamp, ...rest } = read;
        equal([id.length, Object.keys(policy).length, stamp], [16, 11, created.stamp]);
        return [sorted(rest), policy, tenants];
      };
      const common = { createdAtMs: NOON, isRevoked: false, keyVersion: 1, predecessorUntilMs: null };
      const [full, usual, tenants] = await facts({ ...SHARED, ...settings });
      equal(full, sorted({ ...common, ...SHARED, ...settings }));
      equal([usual.digits, usual.spend], [kind === 'customer' ? 4 : 6, null]);
      const rules = { digits: 6, lifetimeMs: 20_000, spend: { events: 4, windowMs: 1000 } };
      const policy = new mpass.Policy({ ...rules, callingCodes: [966], allowWeak: true });
      const [least, given] = await facts({ name: settings.name, policy });
      const none = {
        ...common, addresses: [], androidAppHashes: [], host: null, sender: null, ...bare,
        name: settings.name,
      };
      equal(least, sorted(none));
      equal([given.digits, given.lifetimeMs, given.spend, given.callingCodes],
        [6, 20_000, { ...rules.spend, burst: 2 }, [966]]);
      const { name, ...others } = { ...SHARED, ...settings };
      const cleared = Object.fromEntries(Object.keys(others).map((field) => [field, null]));
      const changes = { ...cleared, name, policy: { spend: rules.spend, tries: undefined } };
      const { policy: spending, id, stamp, ...changed } = await tenants.update(kind, name, changes);
      equal([sorted(changed), id.length, stamp.length], [sorted(none), 16, 16]);
      equal(spending, { ...usual, spend: given.spend });
      const { policy: reset } = await tenants.update(kind, name, { policy: null });
      equal(reset, usual);
    }
  },

  async 'tenants: settings that are refused'() {
    const tenants = new mpass.Tenants(mpass.Keyring.generate(), new mpass.MemoryStore(99));
    const weak = new mpass.Policy({ digits: 4, allowWeak: true });
    for (const [kind, settings, error] of [
      ['channel', { name: 'a b' }, 'InvalidName'],
      ['channel', { name: 'market', scopes: [] }, 'TypeError'],
      ['channel', { name: 'market', policy: {} }, 'TypeError'],
      ['channel', { name: 'market', addresses: ['10.0.0.0/64'] }, 'InvalidAddress'],
      ['channel', { name: 'market', texts: 'Code {{code}}' }, 'TypeError'],
      ['channel', { name: 'market', texts: { en: 7 } }, 'TypeError'],
      ['channel', { name: 'mark\ud800et' }, 'RangeError'],
      ['channel', { name: 'market', texts: { en: '{{code}} \ud800' } }, 'RangeError'],
      ['channel', { name: 'market', texts: { '\udfff': '{{code}}' } }, 'RangeError'],
      ['client', { name: 'ID', redirectUris: ['https://a.example/\ud800'] }, 'RangeError'],
      ['channel', { name: 'market', texts: { en: '{{code}}', EN: '{{code}}' } }, 'InvalidLanguageTag'],
      ['channel', {}, 'TypeError'],
      ['engine', { name: 'market' }, 'TypeError'],
      ['customer', { name: 'shop' }, 'InvalidName'],
      ['customer', { name: 'C-0123456789ABCDE', policy: weak }, 'PolicyTooWeak'],
      ['customer', { name: 'C-0123456789ABCDE', testCredits: -1 }, 'RangeError'],
      ['client', { name: 'app', scopes: ['openid'] }, 'UnknownScope'],
      ['client', { name: 'app', redirectUris: ['http://shop.example'] }, 'RedirectUriHttp'],
      ['client', { name: 'app', publicKey: POINT.subarray(1) }, 'InvalidPublicKey'],
    ]) {
      await rejects(tenants.create(kind, settings), error, Object.keys(settings)[1]);
    }
  },

  async 'login: a public key is a point of the curve'() {
    const tenants = new mpass.Tenants(mpass.Keyring.generate(), new mpass.MemoryStore(99));
    const publicKey = POINT.map((byte, at) => (at === 64 ? 0 : byte));
    await rejects(tenants.create('client', { name: 'app', publicKey }), 'InvalidPublicKey');
  },

  async 'tenants: what a token is not given for'() {
    const world = await World.open(mpass);
    await world.tenants.create('client', { name: 'app' });
    const client = await opened(world, mpass.Client, 'app');
    const number = mpass.PhoneNumber.parse('+966500000000');
    const grant = (given) => client.grant(world.keyring, given, NOON);
    const scopes = ['number-verification:verify'];
    ok(grant({ scopes, lifeS: 3600 }).length > 0);
    throws(() => grant({ scopes, number, lifeS: 301 }), 'InvalidLifetime');
    throws(() => grant({ scopes, lifeS: 0 }), 'InvalidLifetime');
    throws(() => grant({ scopes: ['openid'], lifeS: 1 }), 'UnknownScope');
    throws(() => grant({ scopes, number: '+966500000000', lifeS: 1 }), 'TypeError');
    throws(() => grant({ lifeS: 1 }), 'TypeError');
    throws(() => grant({ scopes }), 'TypeError');
  },
});
