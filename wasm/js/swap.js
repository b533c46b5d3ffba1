// Swaps as they cross.
import { KINDS } from './lists.js';
import { namesOf } from './pack.js';

const KIND_NAMES = namesOf(KINDS);

/** A kind of value in a reply. */
export const readKind = (reply) => KIND_NAMES.get(reply.u8());
export const readKey = (reply) => reply.raw(16);

/** A time in milliseconds, at most the largest number that is exact. */
const readTime = (reply) => Math.min(reply.number(), Number.MAX_SAFE_INTEGER);

/** A swap as a store gets it; one of a kind that is known has none before it. */
export function readSwap(reply, kind = readKind(reply)) {
  const [key, expected] = [readKey(reply), reply.optional(reply.bytes)];
  return { kind, key, expected, value: reply.bytes(), expiresAtMs: reply.optional(() => readTime(reply)) };
}
