// Drives an exchange to its reply, with the Fetch API around it.
import { flag, method, optional, options, storeMethods, time, typeName } from './check.js';
import { inner } from './instance.js';
import { ASSESSMENTS } from './lists.js';
import { phoneNumber } from './number.js';
import { check, listKeys, sign } from './rs256.js';
import { Engine, MOST_BODY, introspection } from './service.js';
import { load, swap } from './store-calls.js';

// The assessments of a number that is not sent to.
const STANDINGS = Object.keys(ASSESSMENTS).filter(
  (name) => name !== 'valid' && name !== 'unsupported',
);

/** What an optional function of a host says; `undefined` is that it has no word. */
async function asked(ask, what, answerOf) {
  if (!ask) return { answer: 'unsupported' };
  try {
    const word = await ask(...what);
    return word === undefined ? { answer: 'unsupported' } : await answerOf(word);
  } catch {
    return { answer: 'failed' };
  }
}

// What comes of each step at a host.
const PERFORM = {
  load: async (step, { store }) => (await load(store, step)).answer,
  swap: async (step, { store, now }) => (await swap(store, step, now)).answer,

  assess: ({ number, country }, { assess }) =>
    asked(assess, [number, country], (word) => {
      if (word === null) return { answer: 'unsupported' };
      if (STANDINGS.includes(word)) return { answer: word };
      return { answer: 'valid', ...options(word, 'the assessment', { mobile: flag }) };
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

  signingKeys: (step, { signingKeys }) => asked(signingKeys, [], listKeys),

  sign: (step, { signingKeys }) => asked(signingKeys, [], (pairs) => sign(pairs, step)),

  checkSignature: (step) => asked(async () => step, [], check),

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
};

const OPTIONAL = ['assess', 'introspect', 'resolve', 'signingKeys', 'now'];

/** Carries the exchange of a request to its reply. */
export async function serve(engine, request, host) {
  const { store, deliver } = host ?? {};
  storeMethods(store, 'host.store');
  method(host, 'deliver', 'host');
  const own = { store, deliver: deliver.bind(host), now: Date.now };
  for (const name of OPTIONAL) {
    if (host[name] === undefined) continue;
    method(host, name, 'host');
    own[name] = host[name].bind(host);
  }
  inner(engine, Engine);
  if (typeName(request) === 'Request') {
    throw new TypeError('the request is one of the Fetch API: pass `await fromFetch(request, peer)`');
  }
  const now = () => time(own.now(), 'host.now');
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
