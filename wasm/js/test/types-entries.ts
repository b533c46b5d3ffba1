// The small entries as a strict compiler must accept them, and reject them.
import { Hotp, KeyUri, MpassError, Secret, Totp, version } from 'libmpass/otp';
import { Ocra } from 'libmpass/oath';
import { init } from 'libmpass/oath/init';
import type { Algorithm, TotpSettings } from 'libmpass/otp';
import { Secret as WholeSecret, openStore } from 'libmpass';
import type { Keyring, Store } from 'libmpass';
import { DurableObjectStore, StoreShard } from 'libmpass/durable-objects';
import { PostgresStore } from 'libmpass/stores/postgres';
import { RedisStore } from 'libmpass/stores/redis';
import type { ObjectNamespace, ObjectState } from 'libmpass/durable-objects';

const algorithm: Algorithm = 'SHA256';
const settings: TotpSettings = { algorithm, step: 60n };
const secret: WholeSecret = Secret.generate(algorithm);
const totp = new Totp(secret, settings);
const code: string = totp.generate();
const step: bigint | null = totp.verify(code);
const facts = KeyUri.parse('otpauth://totp/a?secret=GEZDGNBV').facts();
await init(new Uint8Array());
await init(new Response());
new Ocra(secret, 'OCRA-1:HOTP-SHA1-6:QN08').respond({ question: '12345678' });
// @ts-expect-error A code is a text.
new Hotp(secret).verify(755224, 0);
// @ts-expect-error Only the library makes its errors.
new MpassError();
// Without the types of the Workers runtime.
export class Shard extends StoreShard<{ KEYRING: string }> {
  static sweepIntervalMs = 1000;
  constructor(ctx: ObjectState, env: { KEYRING: string }) {
    super(ctx, env);
  }
}
export const opened = (keyring: Keyring, namespace: ObjectNamespace) =>
  openStore(keyring, new DurableObjectStore(namespace, { name: 'shop', shards: 32 }));
export const kept: Store[] = [
  new RedisStore({ callBuffer: async () => null }, { acknowledge: { replicas: 1 } }),
  new PostgresStore({ connect: async () => null, totalCount: 0 }, { timeoutMs: 1000 }),
];
// @ts-expect-error A pool, not a client.
new PostgresStore({ connect: async () => null });
// @ts-expect-error Its number is a number.
export const misspelt = (namespace: ObjectNamespace) => new DurableObjectStore(namespace, { shards: '32' });
const uri = KeyUri.parse('otpauth://totp/a?secret=GEZDGNBV');
export const codes: string[] = [uri.totp({ allowShort: true }).generate(), uri.hotp().generate(0n)];
// @ts-expect-error Its digits are those of the URI.
uri.totp({ digits: 8 });
export { facts, step, version };
