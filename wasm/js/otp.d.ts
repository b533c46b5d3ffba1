// The types of `libmpass/otp`: those of the whole package.
export { Hotp, KeyUri, MpassError, Secret, Totp, version } from './index.js';
export type {
  Algorithm, Caution, CodeSettings, ErrorName, Handle, Kind, TotpSettings, U64,
} from './index.js';
