// The packed bytes in which inputs and replies cross; the documentation of
// mpass-bindings lists the formats. Integers are big-endian.
import { MpassError } from './errors.js';

const HALF = 2 ** 32;
const SIZE = 1024;
// BigInts of more bits are made in two steps.
const SAFE = 1 << 21;
const SHORT = 16;
const HASH = /^sha-?(1|256|512)$/i;
const HASHES = ['1', '256', '512'];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A short text of ASCII, such as a code, for which a decoder takes longer. */
function short(bytes, begin, end) {
  if (end - begin > SHORT) return undefined;
  let text = '';
  for (let at = begin; at < end; at += 1) {
    if (bytes[at] > 127) return undefined;
    text += String.fromCharCode(bytes[at]);
  }
  return text;
}

/** Writes a short text of ASCII; its length. */
function writeShort(text, bytes, begin) {
  if (text.length > SHORT) return undefined;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter > 127) return undefined;
    bytes[begin + at] = letter;
  }
  return text.length;
}

/** The numbers of a table of names, back to the names. */
export const namesOf = (table) =>
  new Map(Object.entries(table).map(([name, number]) => [number, name]));

/** Writes an input. One is reused for all calls and wiped after each. */
export class Packer {
  // What is kept for further inputs, and where this one is.
  #room;
  #bytes;
  #end = 0;

  constructor(room = new Uint8Array(SIZE)) {
    this.#room = room;
    this.#bytes = room;
  }

  /** Makes room for more bytes; where they begin. */
  #grow(length) {
    const begin = this.#end;
    const end = begin + length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#bytes.subarray(0, begin));
      this.#bytes.fill(0);
      this.#bytes = larger;
    }
    this.#end = end;
    return begin;
  }

  u8(value) {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  u16(value) {
    return this.u8(value >>> 8).u8(value);
  }

  u32(value) {
    const at = this.#grow(4);
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
    return this;
  }

  /** A number or a BigInt. */
  u64(value) {
    if (typeof value === 'number') return this.u32(Math.floor(value / HALF)).u32(value % HALF);
    return this.u32(Number(value >> 32n)).u32(Number(value & 0xffffffffn));
  }

  bool(value) {
    return this.u8(value ? 1 : 0);
  }

  /** Bytes without their length. */
  raw(bytes) {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  bytes(bytes) {
    return this.u32(bytes.length).raw(bytes);
  }

  text(text) {
    // The length is known once the text is written.
    const at = this.#grow(4 + 3 * text.length);
    const written = writeShort(text, this.#bytes, at + 4)
      ?? encoder.encodeInto(text, this.#bytes.subarray(at + 4)).written;
    this.#end = at;
    this.u32(written);
    this.#end += written;
    return this;
  }

  /** `write(value)` where there is a value. */
  optional(value, write) {
    const isGiven = value !== undefined && value !== null;
    this.bool(isGiven);
    if (isGiven) write.call(this, value);
    return this;
  }

  list(values, write) {
    this.u32(values.length);
    for (const value of values) write.call(this, value);
    return this;
  }

  /** A hash by its name; 0, which the engine refuses, for any other text. */
  algorithm(name) {
    const [, bits] = HASH.exec(name) ?? [];
    return this.u8(HASHES.indexOf(bits) + 1);
  }

  /** Fresh random bytes of the host. */
  entropy(length) {
    const at = this.#grow(length);
    try {
      crypto.getRandomValues(this.#bytes.subarray(at, at + length));
    } catch (cause) {
      throw Object.assign(MpassError.of('EntropyFailed'), { cause });
    }
    return this;
  }

  /** What was written. */
  get packed() {
    return this.#bytes.subarray(0, this.#end);
  }

  get length() {
    return this.#end;
  }

  /** Whether the room is too small for what was written, which is elsewhere. */
  get isElsewhere() {
    return this.#bytes !== this.#room;
  }

  /** Forgets and erases what was written. */
  wipe() {
    // The memory of a module replaces its buffer when it grows.
    const isDetached = this.#bytes.length === 0;
    if (!isDetached) this.#bytes.fill(0, 0, this.#end);
    this.#bytes = this.#room;
    this.#end = 0;
  }
}

/** Reads a reply from its front. */
export class Unpacker {
  #bytes;
  #at;
  #end;

  constructor(bytes, begin = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = begin;
    this.#end = end;
  }

  u8() {
    return this.#bytes[this.#at++];
  }

  u16() {
    return this.u8() << 8 | this.u8();
  }

  u32() {
    return (this.u16() << 16 | this.u16()) >>> 0;
  }

  /** As BigInt. */
  u64() {
    const [high, low] = [this.u32(), this.u32()];
    return high < SAFE ? BigInt(high * HALF + low) : BigInt(high) << 32n | BigInt(low);
  }

  /** 64 bits that a number holds: a handle, or a time in milliseconds. */
  number() {
    return this.u32() * HALF + this.u32();
  }

  bool() {
    return this.u8() === 1;
  }

  /** A copy of so many bytes. */
  raw(length) {
    const at = this.#at;
    this.#at += length;
    return this.#bytes.slice(at, this.#at);
  }

  bytes() {
    return this.raw(this.u32());
  }

  text() {
    const length = this.u32();
    const at = this.#at;
    this.#at += length;
    return short(this.#bytes, at, this.#at) ?? decoder.decode(this.#bytes.subarray(at, this.#at));
  }

  algorithm() {
    return `SHA${HASHES[this.u8() - 1]}`;
  }

  /** What `read` reads, or `null`. */
  optional(read) {
    return this.bool() ? read.call(this) : null;
  }

  list(read) {
    return Array.from({ length: this.u32() }, () => read.call(this));
  }

  /** Bytes that follow. */
  get left() {
    return this.#end - this.#at;
  }

  /** Erases the reply. */
  wipe() {
    this.#bytes.fill(0, 0, this.#end);
  }
}
