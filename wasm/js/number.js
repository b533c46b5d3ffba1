// Phone numbers and their hashes.
import { bytes, optional, text, u32 } from './check.js';
import { Handle, OWN, inner, perform } from './instance.js';
import * as operation from './operations.js';

const NUMBER = 'the phone number';
const COUNTRY = 'the country, a calling code such as 966,';

/** A number in a reply: its E.164 form, its calling code, its masked form. */
export const numberParts = (reply) => ({
  e164: reply.text(), callingCode: reply.u16(), masked: reply.text(),
});

/** A number is held as text that the engine has checked. */
export class PhoneNumber extends Handle {
  static name = 'PhoneNumber';

  #hashed;

  static parse(number, country) {
    text(number, NUMBER);
    const code = optional(country, COUNTRY, u32);
    const write = (input) => input.text(number).optional(code, input.u32);
    return new PhoneNumber(OWN, perform(operation.NUMBER_PARSE, 0, write, numberParts));
  }

  static fromNational(country, national) {
    u32(country, COUNTRY);
    text(national, NUMBER);
    const write = (input) => input.u32(country).text(national);
    return new PhoneNumber(OWN, perform(operation.NUMBER_FROM_NATIONAL, 0, write, numberParts));
  }

  static tableVersion() {
    return perform(operation.NUMBER_TABLE_VERSION, 0, undefined, (reply) => reply.u16());
  }

  get e164() {
    return inner(this, PhoneNumber).e164;
  }

  get callingCode() {
    return inner(this, PhoneNumber).callingCode;
  }

  get masked() {
    return inner(this, PhoneNumber).masked;
  }

  get national() {
    return this.#hashes().national;
  }

  sha256Hex() {
    return this.#hashes().withPlus;
  }

  sha256HexWithoutPlus() {
    return this.#hashes().withoutPlus;
  }

  /** What one call computes of a number, kept for the next. */
  #hashes() {
    const { e164 } = inner(this, PhoneNumber);
    this.#hashed ??= perform(
      operation.NUMBER_HASHES,
      0,
      (input) => input.text(e164),
      (reply) => ({ national: reply.text(), withPlus: reply.text(), withoutPlus: reply.text() }));
    return this.#hashed;
  }

  hasSha256Hex(hash) {
    const { e164 } = inner(this, PhoneNumber);
    text(hash, 'the hash');
    const write = (input) => input.text(e164).text(hash);
    return perform(operation.NUMBER_HAS_DIGEST, 0, write, (reply) => reply.bool());
  }

  keyedHash(key) {
    const { e164 } = inner(this, PhoneNumber);
    bytes(key, 'the key');
    if (key.length !== 32) throw new RangeError('the key has 32 bytes');
    const write = (input) => input.text(e164).raw(key);
    return perform(operation.NUMBER_KEYED_HASH, 0, write, (reply) => reply.bytes());
  }

  /** In a time that does not depend on where the numbers differ. */
  equals(other) {
    const [{ e164: one }, { e164: two }] = [inner(this, PhoneNumber), inner(other, PhoneNumber)];
    let difference = one.length ^ two.length;
    for (let at = 0; at < one.length; at += 1) {
      difference |= one.charCodeAt(at) ^ two.charCodeAt(at % two.length);
    }
    return difference === 0;
  }

  // Logs and JSON show what the engine's own logs show.
  toString() {
    return this.masked;
  }

  toJSON() {
    return this.masked;
  }
}

/** The E.164 form of a number; throws for anything else. */
export const phoneNumber = (value) => inner(value, PhoneNumber).e164;
