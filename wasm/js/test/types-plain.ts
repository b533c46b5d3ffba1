// Every entry as a compiler accepts it that has no types of the DOM or of a runtime.
import * as challenge from 'libmpass/challenge';
import * as inline from 'libmpass/inline';
import * as login from 'libmpass/login';
import * as oath from 'libmpass/oath/inline';
import * as whole from 'libmpass';
import { init } from 'libmpass/init';
import { init as initChallenge } from 'libmpass/challenge/init';
import type { Store, Verdict } from 'libmpass/challenge';

const keyring: whole.Keyring = challenge.Keyring.generate();
const binding = { service: 'login', tenant: new Uint8Array(), subject: { account: 'ann' } };
const store: Store = new challenge.MemoryStore(10);
const asked = new challenge.Challenge(keyring, new challenge.Policy({ tries: 3 }), binding);
export const verdict: Promise<Verdict> = asked.attempt(store, '123456');
export const code: string = new inline.Totp(oath.Secret.generate()).generate();
export const engine: whole.Engine = new login.Engine(keyring, { issuer: 'https://verify.example' });
export const reply: Promise<whole.Reply> = login.serve(
  engine, { method: 'GET', path: '/', peer: '::1' }, { store, deliver: async () => 'delivered' });
export async function response(given: whole.FetchRequest): Promise<object> {
  await init(new Uint8Array());
  await initChallenge({ arrayBuffer: async () => new ArrayBuffer(0) });
  return whole.toResponse(await whole.serve(engine, await whole.fromFetch(given, '::1'), {
    store, deliver: async () => 'refused',
  }));
}

// Freed at the end of the block.
{
  using secret = oath.Secret.generate();
  secret.exposeHex();
}
// @ts-expect-error The entry has no engine.
export type None = challenge.Engine;
