// Code that a strict compiler must accept, and code that it must reject.
import {
  Challenge, Client, Customer, Engine, Hotp, Keyring, MemoryStore, MpassError, PhoneNumber, Policy, Secret, Token,
  Tenants, Totp, fromFetch, probe, serve, toResponse,
} from 'libmpass';
import type {
  ChannelFacts, Document, ErrorName, Host, Kind, NewCredential, Reply, Store, Subject, Swap, Swapped, Verdict,
} from 'libmpass';

class OwnStore implements Store {
  readonly #values = new Map<string, Uint8Array>();

  async load(kind: Kind, key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#values.get(`${kind} ${key.join()}`);
  }

  async swap(swap: Swap): Promise<Swapped> {
    const storeKey = `${swap.kind} ${swap.key.join()}`;
    const current = this.#values.get(storeKey) ?? null;
    if (current?.join() !== swap.expected?.join()) return { stored: false, current };
    this.#values.set(storeKey, swap.value);
    return { stored: true };
  }

  async list(after: Uint8Array | null, limit: number): Promise<Document[]> {
    return after === null && limit > 0 ? [] : [{ key: new Uint8Array(16), value: new Uint8Array() }];
  }
}

const host: Host = {
  store: new OwnStore(),
  async deliver(message) {
    const to: string = message.to;
    return to.startsWith('+') ? 'delivered' : 'refused';
  },
  async assess(number, country) {
    if (number.endsWith('0')) return 'blocked';
    return country === null ? 'invalid' : { mobile: true };
  },
  async introspect(token) {
    if (token === '') return null;
    return { client: 'app', scopes: ['number-verification:verify'], expiresAtMs: 1n };
  },
  async resolve(address) {
    return address === '::1' ? undefined : PhoneNumber.parse('+966500000000');
  },
};

export async function answer(request: Request): Promise<Response> {
  const engine = new Engine(Keyring.generate());
  const reply = await serve(engine, await fromFetch(request, '127.0.0.1'), host);
  return toResponse(reply);
}

export async function tenants(keyring: Keyring): Promise<bigint | undefined> {
  const engine = new Engine(keyring, { issuer: 'https://verify.example', tokenUse: 'once' });
  engine.free();
  const tenants = new Tenants(keyring, host.store, { now: () => Date.now() });
  const { credential: secret }: NewCredential = await tenants.create('client', {
    name: 'app', scopes: ['number-verification:verify'], publicKey: new Uint8Array(65),
  });
  const { name: id, credential: password } = await tenants.create('customer', { testCredits: 1 });
  await tenants.create('customer');
  const { stamp } = await tenants.read('channel', 'shop');
  const { host: page, policy }: ChannelFacts = await tenants.update(
    'channel', 'shop', { host: null, apps: ['My Shop'], policy: { digits: 8, spend: null } },
    { stamp, overlapMs: 1n });
  const { tenants: listed, next } = await tenants.list('client', { after: null, limit: 10 });
  const rotated = await tenants.rotate('client', 'app', { overlapMs: policy.digits });
  await tenants.unlock('client', listed[0]?.name ?? page ?? '', '+966500000000');
  await tenants.provision('channel', { name: 'shop' }, rotated.credential);
  await tenants.list('client', { after: next });
  await tenants.reseal();
  await tenants.revoke('client', 'app');
  // @ts-expect-error a customer has no apps
  await tenants.update('customer', id, { apps: ['My Shop'] });
  // @ts-expect-error no kind of tenant
  await tenants.read('engine', 'shop');
  const storeKey = Customer.storeKey(keyring, id);
  const value = await host.store.load('document', storeKey);
  if (!value || secret === password) return undefined;
  const customer = Customer.open(keyring, storeKey, value);
  const granted: string = Client.open(keyring, storeKey, value).grant(
    keyring, { scopes: ['number-verification:verify'], lifeS: 300 }, Date.now());
  const is: boolean = customer.hasCredential(keyring, password, Date.now());
  const paid: bigint = await tenants.addCredits(id, is ? 1 : granted.length);
  return paid + await tenants.credits(id) + customer.facts().testCredits;
}

export async function all(): Promise<Verdict | null> {
  const hotp = new Hotp(Secret.generate('SHA256'), { algorithm: 'SHA256', digits: 8 });
  const counter: bigint | null = hotp.verify(hotp.generate(1n), 1, 10);
  const count: number = hotp.generateRange(1n, new Uint32Array([hotp.generateValue(1)]));
  await probe(new MemoryStore(1000), { parallel: 8 });
  const tenants = new Tenants(Keyring.generate(), host.store);
  const { credential: key } = await tenants.create('channel', { name: 'shop' });
  const token = new Token(Keyring.generate(), new Uint8Array(1), new Uint8Array(1));
  const attempt = token.attemptHotp(null, hotp, key, Date.now());
  if (attempt.pending) return attempt.pending.stored();
  const told: Verdict = attempt.verdict;
  return counter === null || count === 0 ? null : told;
}

export function name(error: unknown): ErrorName | 'InstanceTrapped' | undefined {
  return error instanceof MpassError ? error.name : undefined;
}

export function refused(): void {
  const secret = Secret.generate();
  // @ts-expect-error codes are strings
  new Hotp(secret).verify(755224, 0);
  // @ts-expect-error counters are not strings
  new Hotp(secret).generate('1');
  // @ts-expect-error values are written to a typed array
  new Hotp(secret).generateRange(1, [0]);
  // @ts-expect-error unknown hash
  new Totp(secret, { algorithm: 'MD5' });
  // @ts-expect-error unknown option
  new Totp(secret, { digit: 8 });
  // @ts-expect-error secrets are created by static methods
  new Secret();
  const subject: Subject = { account: 'ann' };
  // @ts-expect-error a tenant is bytes
  new Challenge(Keyring.generate(), new Policy(), { service: '', tenant: '', subject });
  const tenant = new Uint8Array(1);
  // @ts-expect-error text alone could be a subject of any kind
  new Challenge(Keyring.generate(), new Policy(), { service: '', tenant, subject: 'ann' });
  // @ts-expect-error a subject is of one kind
  const both: Subject = { number: '+966500000000', email: 'ann@example.com' };
  void both;
  // @ts-expect-error unknown scope
  void new Tenants(Keyring.generate(), host.store).create('client', { name: 'app', scopes: ['openid'] });
  // @ts-expect-error a customer has no apps
  void new Tenants(Keyring.generate(), host.store).create('customer', { apps: ['My Shop'] });
  // @ts-expect-error tenants are created by opening a stored value
  new Customer();
  // @ts-expect-error a store is asynchronous
  const store: Store = { load: () => null, swap: () => ({ stored: true }), list: () => [] };
  void store;
}

// What is returned goes into what takes bytes of an ArrayBuffer alone.
export const exposed = new Blob([Secret.generate().expose()]);
export const answered = (reply: Reply): Response => new Response(reply.body);
export const digested = (swap: Swap) => new Blob([swap.key, swap.value]);
