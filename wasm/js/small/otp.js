// What `libmpass/otp` exports.
export { MpassError } from '../errors.js';
export { version } from '../instance.js';
export { Hotp, Secret, Totp } from '../oath.js';
export { KeyUri } from '../uri.js';
