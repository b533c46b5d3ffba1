// Swaps as they cross.
import { KINDS } from './lists.js';
import { namesOf } from './pack.js';

export const NEVER = (1n << 64n) - 1n;
const KIND_NAMES = namesOf(KINDS);

/** A kind of value in a reply. */
export const readKind = (reply) => KIND_NAMES.get(reply.u8());
export const readKey = (reply) => reply.raw(16);

/** Milliseconds, or `null` for what never expires. */
function readExpiry(reply) {
  const expiresAtMs = reply.u64();
  return expiresAtMs === NEVER ? null : Number(expiresAtMs);
}

/** A swap as a store gets it; one of a kind that is known has none before it. */
export function readSwap(reply, kind = readKind(reply)) {
  const [key, expected] = [readKey(reply), reply.optional(reply.bytes)];
  return { kind, key, expected, value: reply.bytes(), expiresAtMs: readExpiry(reply) };
}
