// Channels, customers and clients: common behaviour, and the settings of each.
import { equal, ok, rejects, throws } from './assert.js';
import { opened } from './services.js';
import { NOON, World } from './world.js';

// A point of P-256: the generator (SEC 2 section 2.4.2).
const POINT = Uint8Array.from(
  ('046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'
    + '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5').match(/../g),
  (byte) => parseInt(byte, 16));
const SHARED = { addresses: ['10.0.0.0/8'], host: 'shop.example', sender: 'SHOP' };

/** For each kind: its class, settings with all fields, and the defaults. */
const kinds = (mpass) => [
  {
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
    Class: mpass.Customer,
    settings: { name: 'C-0123456789ABCDE', testCredits: 7n, texts: { en: 'Your code: {{code}}' } },
    bare: { testCredits: 100n, texts: {} },
  },
  {
    Class: mpass.Client,
    settings: {
      name: 'app',
      scopes: ['number-verification:device-phone-number:read'],
      redirectUris: ['https://shop.example/back'],
      publicKey: POINT,
    },
    bare: {
      scopes: ['number-verification:verify', 'one-time-password-sms:send-validate'],
      redirectUris: [],
      publicKey: null,
    },
  },
];

/** Entries sorted by name, for comparison. */
const sorted = (facts) => Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));

export default (mpass) => ({
  async 'tenants: created, rotated, revoked, and created again'() {
    for (const { Class, settings: { name } } of kinds(mpass)) {
      const world = await World.open(mpass);
      const store = async (swap) => ok((await world.memory.swap(swap, NOON)).stored, name);
      const storeKey = Class.storeKey(world.keyring, name);
      const create = async () => Class.create(
        world.keyring, await world.memory.load('document', storeKey), { name }, NOON);
      const first = await create();
      await store(first.swap());
      await rejects(create(), 'NameTaken');
      const rotation = (await opened(world, Class, name)).rotate(world.keyring, NOON);
      equal([rotation.swap().kind, rotation.swap().expiresAtMs], ['document', null]);
      await store(rotation.swap());
      ok(rotation.stored() !== first.stored());
      throws(() => rotation.stored(), 'TypeError');
      await store((await opened(world, Class, name)).revoke(world.keyring, NOON));
      equal((await opened(world, Class, name)).facts().isRevoked, true);
      await store((await create()).swap());
      const { isRevoked, keyVersion } = (await opened(world, Class, name)).facts();
      equal([isRevoked, keyVersion], [false, 3]);
    }
  },

  async 'tenants: what one is told it tells'() {
    for (const { Class, settings, bare } of kinds(mpass)) {
      const facts = async (told) => {
        const world = await World.open(mpass);
        const write = Class.create(world.keyring, null, told, NOON);
        ok((await world.memory.swap(write.swap(), NOON)).stored);
        const { policy, id, ...rest } = (await opened(world, Class, told.name)).facts();
        equal([id.length, Object.keys(policy).length], [16, 11]);
        return [sorted(rest), policy];
      };
      const common = { createdAtMs: NOON, isRevoked: false, keyVersion: 1 };
      const [full, usual] = await facts({ ...SHARED, ...settings });
      equal(full, sorted({ ...common, ...SHARED, ...settings }));
      equal([usual.digits, usual.spend], [Class === mpass.Customer ? 4 : 6, null]);
      const rules = { digits: 6, lifetimeMs: 20_000, spend: { events: 4, windowMs: 1000 } };
      const policy = new mpass.Policy({ ...rules, callingCodes: [966], allowWeak: true });
      const [least, given] = await facts({ name: settings.name, policy });
      equal(least, sorted({
        ...common, addresses: [], host: null, sender: null, ...bare, name: settings.name,
      }));
      equal([given.digits, given.lifetimeMs, given.spend, given.callingCodes],
        [6, 20_000, { ...rules.spend, burst: 2 }, [966]]);
    }
  },

  async 'tenants: what one may not be told'() {
    const keyring = mpass.Keyring.generate();
    const { Channel, Client, Customer, Policy } = mpass;
    const weak = new Policy({ digits: 4, allowWeak: true });
    for (const [Class, settings, error] of [
      [Channel, { name: 'a b' }, 'InvalidName'],
      [Channel, { name: 'market', scopes: [] }, 'TypeError'],
      [Channel, { name: 'market', policy: {} }, 'TypeError'],
      [Channel, { name: 'market', addresses: ['10.0.0.0/64'] }, 'InvalidAddress'],
      [Channel, { name: 'market', texts: 'Code {{code}}' }, 'TypeError'],
      [Channel, { name: 'market', texts: { en: 7 } }, 'TypeError'],
      [Channel, { name: 'market', texts: { en: '{{code}}', EN: '{{code}}' } }, 'InvalidLanguageTag'],
      [Customer, { name: 'shop' }, 'InvalidName'],
      [Customer, { name: 'C-0123456789ABCDE', policy: weak }, 'PolicyTooWeak'],
      [Customer, { name: 'C-0123456789ABCDE', testCredits: -1 }, 'RangeError'],
      [Client, { name: 'app', scopes: ['openid'] }, 'UnknownScope'],
      [Client, { name: 'app', redirectUris: ['http://shop.example'] }, 'InvalidRedirectUri'],
      [Client, { name: 'app', publicKey: POINT.subarray(1) }, 'InvalidPublicKey'],
      [Client, { name: 'app', publicKey: POINT.map((byte, at) => (at === 64 ? 0 : byte)) }, 'InvalidPublicKey'],
    ]) {
      throws(() => Class.create(keyring, null, settings, NOON), error, Object.keys(settings)[1]);
    }
  },

  async 'tenants: what a token is not given for'() {
    const world = await World.open(mpass);
    await mpass.createClient(world.keyring, world.memory, { name: 'app' }, NOON);
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
