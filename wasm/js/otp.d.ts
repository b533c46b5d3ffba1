// The types of `libmpass/otp`: those of the whole package.
export { Hotp, KeyUri, MpassError, Secret, Totp, version } from './index.js';
export type {
  Algorithm, Bytes, Caution, CodeSettings, ErrorName, Handle, KeyUriFacts, KeyUriParts,
  KeyUriReading, KeyUriSettings, Kind, TotpSettings, U64,
} from './index.js';
