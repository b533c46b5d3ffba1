// The wire contracts: exchanges, and the driver that carries one to its
// reply.
import { bytes, flag, list, method, optional, options, text, texts, u64 } from './check.js';
import { Keyring } from './challenge.js';
import { MpassError } from './errors.js';
import { Handle, OWN, call, inner } from './instance.js';
import { ASSESSMENTS, TOKEN_USES } from './lists.js';
import { phoneNumber } from './number.js';
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

function tokenUse(value, what) {
  if (!Object.hasOwn(TOKEN_USES, text(value, what))) {
    throw new TypeError(`${what} is one of ${Object.keys(TOKEN_USES).join(', ')}`);
  }
  return value;
}

export class Engine extends Handle {
  constructor(keyring, settings) {
    const keys = inner(keyring, Keyring);
    const checked = options(settings, 'Engine', { issuer: text, tokenUse });
    super(OWN, call((mpass) => new mpass.Engine(keys, checked.issuer, checked.tokenUse)));
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

const INTROSPECTION = {
  id: text,
  client: text,
  scopes: texts,
  number: phoneNumber,
  isByNetwork: flag,
  expiresAtMs: u64,
};

/** What a host says of a token that is valid. */
function introspection(value, what) {
  const checked = options(value, what, INTROSPECTION);
  text(checked.client, 'client');
  texts(checked.scopes, 'scopes');
  u64(checked.expiresAtMs, 'expiresAtMs');
  return checked;
}

// The answers and what each may carry.
const ANSWERS = {
  begin: {},
  loaded: { value: bytes },
  stored: {},
  conflict: { value: bytes },
  valid: { number: phoneNumber, mobile: flag },
  invalid: {},
  notAllowed: {},
  blocked: {},
  foreign: {},
  introspected: { introspection },
  resolved: { number: phoneNumber },
  delivered: {},
  refused: {},
  unknown: {},
  failed: {},
  full: {},
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
  introspect: ([token]) => ({ step: 'introspect', token }),
  resolve: ([address]) => ({ step: 'resolve', address }),
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
    const { value, number, mobile, introspection: told } = options(
      answer, 'the answer', { answer: text, ...ANSWERS[name] });
    const now = u64(nowMs, NOW);
    if (name === 'valid') phoneNumber(answer.number);
    const [step, ...rest] = call(() => {
      if (name === 'valid') return exchange.assessed(number, mobile, now);
      if (name === 'resolved') return exchange.resolved(number?.copy(), now);
      if (told) return exchange.introspected(told, told.number?.copy(), now);
      return exchange.next(name, value, now);
    });
    return STEPS[step](rest);
  }
}

// What a host may say of a number that is not sent to.
const STANDINGS = Object.keys(ASSESSMENTS).filter(
  (name) => name !== 'valid' && name !== 'unsupported',
);

/** What an optional function of a host says; `undefined` is that it has no word. */
async function asked(ask, what, answerOf) {
  if (!ask) return { answer: 'unsupported' };
  try {
    const word = await ask(...what);
    return word === undefined ? { answer: 'unsupported' } : answerOf(word);
  } catch {
    return { answer: 'failed' };
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

  assess: ({ number, country }, { assess }) =>
    asked(assess, [number, country], (word) => {
      if (word === null) return { answer: 'unsupported' };
      if (STANDINGS.includes(word)) return { answer: word };
      phoneNumber(word.number);
      const mobile = optional(word.mobile, 'mobile', flag);
      return { answer: 'valid', number: word.number, mobile };
    }),

  introspect: ({ token }, { introspect }) =>
    asked(introspect, [token], (word) => {
      optional(word, 'the token', introspection);
      return { answer: 'introspected', introspection: word };
    }),

  resolve: ({ address }, { resolve }) =>
    asked(resolve, [address], (number) => {
      optional(number, 'the number', phoneNumber);
      return { answer: 'resolved', number };
    }),

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

const OPTIONAL = ['assess', 'introspect', 'resolve', 'now'];

/** Carries the exchange of a request to its reply. */
export async function serve(engine, request, host) {
  const { store, deliver } = host ?? {};
  method(store, 'load', 'host.store');
  method(store, 'swap', 'host.store');
  method(host, 'deliver', 'host');
  const own = { store, deliver: deliver.bind(host), now: Date.now };
  for (const name of OPTIONAL) {
    if (host[name] === undefined) continue;
    method(host, name, 'host');
    own[name] = host[name].bind(host);
  }
  inner(engine, Engine);
  const exchange = engine.begin(request, own.now());
  try {
    let step = exchange.next({ answer: 'begin' }, own.now());
    while (step.step !== 'reply') {
      const answer = await PERFORM[step.step](step, own);
      step = exchange.next(answer, own.now());
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
