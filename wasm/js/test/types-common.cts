// The small entries in CommonJS.
import mpass = require('libmpass/oath');
import loaded = require('libmpass/otp/init');

const secret: mpass.Secret = mpass.Secret.fromHex('3132');
const code: string = new mpass.Totp(secret, { allowShort: true }).generate(59);
// @ts-expect-error It is a promise.
loaded.init(new Uint8Array()).length;
export = code;
