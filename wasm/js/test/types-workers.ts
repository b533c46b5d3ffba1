// The store in Durable Objects with the Workers runtime's own types.
import {
  Challenge, Engine, Keyring, Policy, type Store, fromFetch, serve, toResponse,
} from 'libmpass';
import { DurableObjectStore, StoreShard } from 'libmpass/durable-objects';

interface Env {
  STORE: DurableObjectNamespace<StoreShard>;
  OWN: DurableObjectNamespace<Own>;
  KEYRING: string;
}

export class Own extends StoreShard<Env> {
  static sweepIntervalMs = 10_000;

  async attempt(typed: string): Promise<boolean> {
    const challenge = new Challenge(Keyring.parse(this.env.KEYRING), new Policy(), {
      service: 'login', tenant: new Uint8Array(), subject: { account: 'ann' },
    });
    return (await challenge.attempt(this, typed)) === 'Accept';
  }
}
export { StoreShard };

export default {
  async fetch(request, env) {
    const store: Store = new DurableObjectStore(env.STORE, { shards: 4, locationHint: 'weur' });
    new DurableObjectStore(env.STORE.jurisdiction('eu'));
    const stub = env.OWN.get(env.OWN.idFromName('ann'));
    if (await stub.attempt('123456')) return new Response('right');
    // @ts-expect-error Not a method.
    stub.missing();
    // @ts-expect-error Not a setting.
    new DurableObjectStore(env.STORE, { objects: 4 });
    // @ts-expect-error Not a namespace.
    new DurableObjectStore(env.KEYRING);
    const engine = new Engine(Keyring.parse(env.KEYRING));
    const host = { store, deliver: async () => 'refused' as const };
    return toResponse(await serve(engine, await fromFetch(request, '127.0.0.1'), host));
  },
} satisfies ExportedHandler<Env>;
