// The wire contracts: exchanges, and the driver that carries one to its
// reply.
import { bytes, flag, list, method, optional, options, text, u64 } from './check.js';
import { Keyring } from './challenge.js';
import { MpassError } from './errors.js';
import { Handle, OWN, call, inner } from './instance.js';
import { PhoneNumber } from './number.js';
import { kindOf, swapOf } from './store.js';

const NOW = 'the time in milliseconds';
// One byte more than the engine looks at: it answers "too large" by itself.
const MOST_BODY = 64 * 1024 + 1;

function pair(value, what) {
  if (!Array.isArray(value) || value.length !== 2) throw new TypeError(`${what} is [name, value]`);
  return [text(value[0], 'a header name'), text(value[1], 'a header value')];
}

const REQUEST = {
  method: text,
  path: text,
  query: text,
  headers: (value, what) => list(value, what, pair),
  body: bytes,
  peer: text,
};

export class Engine extends Handle {
  constructor(keyring) {
    const keys = inner(keyring, Keyring);
    super(OWN, call((mpass) => new mpass.Engine(keys)));
  }

  begin(request, nowMs) {
    const engine = inner(this, Engine);
    const { query = '', headers = [], body = new Uint8Array(), ...rest } = options(
      request, 'the request', REQUEST);
    for (const name of ['method', 'path', 'peer']) text(rest[name], name);
    const now = u64(nowMs, NOW);
    const parts = {
      ...rest,
      query,
      headerNames: headers.map(([name]) => name),
      headerValues: headers.map(([, value]) => value),
      body: body.subarray(0, MOST_BODY),
    };
    return new Exchange(OWN, call(() => engine.begin(parts, now)));
  }
}

// The answers and what each may carry.
const ANSWERS = {
  begin: {},
  loaded: { value: bytes },
  stored: {},
  conflict: { value: bytes },
  valid: { number: (value) => value, mobile: flag },
  invalid: {},
  notAllowed: {},
  delivered: {},
  refused: {},
  unknown: {},
  failed: {},
  unsupported: {},
};

const STEPS = {
  load: ([kind, key]) => ({ step: 'load', kind: kindOf(kind), key }),
  swap: (parts) => ({ step: 'swap', swap: swapOf(parts) }),
  assess: ([number, country]) => ({ step: 'assess', number, country }),
  deliver: ([to, message, sender, language, alphabet, segments]) => ({
    step: 'deliver',
    message: { to, text: message, sender, language, alphabet, segments },
  }),
  reply: ([status, headers, body, reason]) => ({
    step: 'reply',
    reply: { status, headers, body, reason },
  }),
  unsupported: () => ({ step: 'unsupported' }),
};

export class Exchange extends Handle {
  next(answer, nowMs) {
    const exchange = inner(this, Exchange);
    const name = text(answer?.answer, 'the answer');
    if (!Object.hasOwn(ANSWERS, name)) throw new TypeError(`there is no answer ${name}`);
    const { value, number, mobile } = options(answer, 'the answer', { answer: text, ...ANSWERS[name] });
    const now = u64(nowMs, NOW);
    const valid = name === 'valid' ? inner(number, PhoneNumber) : null;
    const [step, ...rest] = call(() =>
      valid ? exchange.assessed(valid, mobile, now) : exchange.next(name, value, now));
    return STEPS[step](rest);
  }
}

// What comes of each step at a host. A store that throws may or may not have
// stored, unless it says with an MpassError that it has not; the engine then
// reads the value back.
const PERFORM = {
  async load({ kind, key }, { store }) {
    try {
      const value = optional(await store.load(kind, key), 'what the store loaded', bytes);
      return { answer: 'loaded', value };
    } catch {
      return { answer: 'failed' };
    }
  },

  async swap({ swap }, { store, now }) {
    try {
      const swapped = await store.swap(swap, now());
      if (flag(swapped?.stored, 'stored')) return { answer: 'stored' };
      return { answer: 'conflict', value: optional(swapped.current, 'current', bytes) };
    } catch (error) {
      const isRefused = error instanceof MpassError
        && (error.name === 'StoreFailed' || error.name === 'StoreFull');
      return { answer: isRefused ? 'failed' : 'unknown' };
    }
  },

  async assess({ number, country }, { assess }) {
    if (!assess) return { answer: 'unsupported' };
    try {
      const word = await assess(number, country);
      if (word === undefined || word === null) return { answer: 'unsupported' };
      if (word === 'invalid' || word === 'notAllowed') return { answer: word };
      inner(word.number, PhoneNumber);
      const mobile = optional(word.mobile, 'mobile', flag);
      return { answer: 'valid', number: word.number, mobile };
    } catch {
      return { answer: 'failed' };
    }
  },

  async deliver({ message }, { deliver }) {
    try {
      const word = await deliver(message);
      const isKnown = word === 'delivered' || word === 'refused';
      return { answer: isKnown ? word : 'unknown' };
    } catch {
      // It may have been sent before whatever went wrong.
      return { answer: 'unknown' };
    }
  },

  async unsupported() {
    return { answer: 'failed' };
  },
};

/** Carries the exchange of a request to its reply. */
export async function serve(engine, request, host) {
  const { store, deliver, assess, now = Date.now } = host ?? {};
  method(store, 'load', 'host.store');
  method(store, 'swap', 'host.store');
  method(host, 'deliver', 'host');
  for (const name of ['assess', 'now']) {
    if (host[name] !== undefined) method(host, name, 'host');
  }
  const own = {
    store, deliver: deliver.bind(host), assess: assess?.bind(host), now: now.bind(host),
  };
  inner(engine, Engine);
  const exchange = engine.begin(request, now());
  try {
    let step = exchange.next({ answer: 'begin' }, now());
    while (step.step !== 'reply') {
      const answer = await PERFORM[step.step](step, own);
      step = exchange.next(answer, now());
    }
    return step.reply;
  } finally {
    exchange.free();
  }
}

/** The engine's request from one of the Fetch API and the caller's address. */
export async function fromFetch(request, peer) {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: [...request.headers],
    body: await firstBytes(request.body),
    peer,
  };
}

/** What of a body the engine looks at; the rest is not read. */
async function firstBytes(stream) {
  const body = new Uint8Array(MOST_BODY);
  let length = 0;
  if (!stream) return body.subarray(0, 0);
  const reader = stream.getReader();
  while (length < MOST_BODY) {
    const { done, value } = await reader.read();
    if (done) return body.subarray(0, length);
    const part = value.subarray(0, MOST_BODY - length);
    body.set(part, length);
    length += part.length;
  }
  await reader.cancel();
  return body;
}

/** A reply as a response of the Fetch API. */
export function toResponse(reply) {
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
}
