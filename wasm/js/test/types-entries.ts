// The small entries as a strict compiler must accept them, and reject them.
import { Hotp, KeyUri, MpassError, Secret, Totp, version } from 'libmpass/otp';
import { Ocra } from 'libmpass/oath';
import { init } from 'libmpass/oath/init';
import type { Algorithm, TotpSettings } from 'libmpass/otp';
import { Secret as WholeSecret } from 'libmpass';

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
export { facts, step, version };
