// Phone numbers and their hashes.
import { bytes, optional, text, u32 } from './check.js';
import { Handle, OWN, call, inner } from './instance.js';

const NUMBER = 'the phone number';
const COUNTRY = 'the country';

export class PhoneNumber extends Handle {
  static parse(number, country) {
    text(number, NUMBER);
    const code = optional(country, COUNTRY, u32);
    return new PhoneNumber(OWN, call((mpass) => mpass.PhoneNumber.parse(number, code)));
  }

  static fromNational(country, national) {
    u32(country, COUNTRY);
    text(national, NUMBER);
    return new PhoneNumber(OWN, call((mpass) => mpass.PhoneNumber.fromNational(country, national)));
  }

  get e164() {
    const number = inner(this, PhoneNumber);
    return call(() => number.e164());
  }

  get national() {
    const number = inner(this, PhoneNumber);
    return call(() => number.national());
  }

  get callingCode() {
    const number = inner(this, PhoneNumber);
    return call(() => number.callingCode());
  }

  get masked() {
    const number = inner(this, PhoneNumber);
    return call(() => number.masked());
  }

  sha256Hex() {
    const number = inner(this, PhoneNumber);
    return call(() => number.sha256Hex());
  }

  sha256HexWithoutPlus() {
    const number = inner(this, PhoneNumber);
    return call(() => number.sha256HexWithoutPlus());
  }

  hasSha256Hex(hash) {
    const number = inner(this, PhoneNumber);
    text(hash, 'the hash');
    return call(() => number.hasSha256Hex(hash));
  }

  keyedHash(key) {
    const number = inner(this, PhoneNumber);
    bytes(key, 'the key');
    if (key.length !== 32) throw new RangeError('the key has 32 bytes');
    return call(() => number.keyedHash(key));
  }

  equals(other) {
    const number = inner(this, PhoneNumber);
    const second = inner(other, PhoneNumber);
    return call(() => number.equals(second));
  }

  // Logs and JSON see what the engine's own logs see.
  toString() {
    return this.masked;
  }

  toJSON() {
    return this.masked;
  }
}

/** What stands for a number in the instance; throws for anything else. */
export const phoneNumber = (value) => inner(value, PhoneNumber);
