// Settings: checked and packed by the engine's table of fields.
import { bytes, choice, exact, exactTexts, flag, map, numbers, options, u32, u64 } from './check.js';
import { FIELDS } from './fields.js';
import { Handle, OWN, inner, perform, prepacked } from './instance.js';
import { GROUPS } from './lists.js';
import * as operation from './operations.js';

const LIMIT = { events: u32, windowMs: u64, burst: u32 };

function limit(value, what) {
  if (typeof value !== 'object') throw new TypeError(`${what} is { events, windowMs, burst }`);
  const checked = options(value, what, LIMIT);
  u32(checked.events, `${what}: events`);
  u64(checked.windowMs, `${what}: windowMs`);
  return checked;
}

/** Half of the events at once, where the burst is not given. */
function withBurst({ events, windowMs, burst }) {
  if (burst !== undefined) return { events, windowMs, burst };
  const write = (input) => input.u32(events).u64(windowMs);
  try {
    return perform(operation.LIMIT_HALF_AT_ONCE, 0, write, readLimit);
  } catch (error) {
    if (error.name !== 'InvalidLimit') throw error;
    // It is refused with the other settings, by its name.
    return { events, windowMs, burst: 1 };
  }
}

const packLimit = (input, { events, windowMs, burst }) =>
  input.u32(events).u64(windowMs).u32(burst);
const readLimit = (reply) => ({
  events: reply.u32(), windowMs: reply.number(), burst: reply.u32(),
});

// Of each type: the check of an argument, the tag that crosses before a value,
// and how the value is written and read.
const TYPES = {
  flag: [flag, 1, (input, value) => input.bool(value), (reply) => reply.bool()],
  u32: [u32, 2, (input, value) => input.u64(value), (reply) => reply.number()],
  u64: [u64, 2, (input, value) => input.u64(value), (reply) => reply.u64()],
  ms: [u64, 2, (input, value) => input.u64(value), (reply) => reply.number()],
  limit: [limit, 3, packLimit, readLimit],
  text: [exact, 4, (input, value) => input.text(value), (reply) => reply.text()],
  bytes: [bytes, 5, (input, value) => input.bytes(value), (reply) => reply.bytes()],
  numbers: [
    numbers, 6, (input, values) => input.list(values, input.u64), (reply) => reply.list(reply.number),
  ],
  map: [
    map,
    8,
    (input, entries) => input.list(entries, ([tag, value]) => input.text(tag).text(value)),
    (reply) => Object.fromEntries(reply.list(() => [reply.text(), reply.text()])),
  ],
  texts: [
    exactTexts, 7, (input, values) => input.list(values, input.text), (reply) => reply.list(reply.text),
  ],
};

const typeOf = (name) => {
  const { type } = FIELDS[name];
  return TYPES[Array.isArray(type) ? 'text' : type];
};
const checkOf = (name) => {
  const { type } = FIELDS[name];
  return Array.isArray(type) ? choice(type) : TYPES[type][0];
};
const NAMES = new Map(Object.entries(FIELDS).map(([name, { number }]) => [number, name]));

/** The names of a group's fields. */
export const fieldsOf = (group) =>
  Object.keys(FIELDS).filter((name) => FIELDS[name].groups.includes(group));

/** The checks of the fields of a group, or of some of them. */
export const checksOf = (group, names = fieldsOf(group)) =>
  Object.fromEntries(names.map((name) => [name, checkOf(name)]));

/** Packs the fields that have a value. */
export function packSettings(input, settings) {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  input.u32(given.length);
  for (const [name, value] of given) {
    const [, tag, write] = typeOf(name);
    input.u16(FIELDS[name].number).u8(tag);
    write(input, value);
  }
  return input;
}

/** The fields in a reply, by their names. */
export function readSettings(reply) {
  return Object.fromEntries(reply.list(() => {
    const name = NAMES.get(reply.u16());
    reply.u8();
    return [name, typeOf(name)[3](reply)];
  }));
}

/** Without fields that have no value, and with the bursts of all limits. */
export function complete(settings) {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) =>
    [name, FIELDS[name].type === 'limit' ? withBurst(value) : value]));
}

const POLICY = checksOf('policy');
const packGroup = (group) => (input) => input.u8(GROUPS[group]);
const defaults = (group) =>
  perform(operation.SETTINGS_DEFAULTS, 0, packGroup(group), readSettings);

const number = (reply) => new DataView(reply.raw(8).buffer).getFloat64(0);

/** The rules of challenges: every field of them, and how likely a guess is. */
export class Policy extends Handle {
  static name = 'Policy';

  constructor(settings) {
    const given = complete(options(settings, 'Policy', POLICY));
    const fields = { ...defaults('policy'), ...given };
    const chances = perform(
      operation.SETTINGS_CHECK,
      0,
      (input) => packSettings(input.u8(GROUPS.policy), given),
      (reply) => reply.optional(() => [number(reply), number(reply)]));
    const packed = prepacked((input) => packSettings(input, given));
    super(OWN, { fields, chances, packed });
  }

  guessProbabilityPerChallenge() {
    return inner(this, Policy).chances[0];
  }

  guessProbabilityPerDay() {
    return inner(this, Policy).chances[1];
  }
}

/** The fields of a policy; throws for anything else. */
export const policyFields = (policy) => inner(policy, Policy).fields;
