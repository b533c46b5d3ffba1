// OCRA.
import { bytes, exact, flag, options, text, u32, u64 } from './check.js';
import { MpassError } from './errors.js';
import { Handle, OWN, inner, onlyText, perform } from './instance.js';
import { Secret } from './oath.js';
import * as operation from './operations.js';

const INPUTS = {
  question: text,
  counter: u64,
  pin: exact,
  pinHash: bytes,
  session: bytes,
  unixSeconds: u64,
  timeStep: u64,
};

/** The inputs of OCRA, checked. */
export const ocraInputs = (inputs) => options(inputs, 'the inputs', INPUTS, ['question']);

/** Packs checked inputs. Where both times are given, the step counts. */
export function packInputs(input, { question, counter, pin, pinHash, session, ...time }) {
  input.text(question).optional(counter, input.u64).optional(pin, input.text);
  input.optional(pinHash, input.bytes).optional(session, input.bytes);
  if (time.timeStep !== undefined) return input.u8(2).u64(time.timeStep);
  if (time.unixSeconds !== undefined) return input.u8(1).u64(time.unixSeconds);
  return input.u8(0);
}

const MISSING = 'MissingInput';
const UNEXPECTED = 'UnexpectedInput';
/** The inputs by their first letters in the parts of a suite. */
const PARTS = {
  C: ['counter'], P: ['pin', 'pinHash'], S: ['session'], T: ['unixSeconds', 'timeStep'],
};

/** Which inputs an error of the engine is about, by the suite and what was given. */
function named(error, suite, given) {
  if (error?.name !== MISSING && error?.name !== UNEXPECTED) return error;
  const used = suite.split(':')[2].split('-').map((part) => part[0]);
  const names = Object.entries(PARTS).flatMap(([letter, inputs]) => {
    const had = inputs.filter((name) => given[name] !== undefined);
    if (error.name === UNEXPECTED) return used.includes(letter) ? [] : had;
    return used.includes(letter) && had.length === 0 ? [inputs.join(' or ')] : [];
  });
  if (names.length === 0) return error;
  return MpassError.of(error.name, { message: `${error.message}: ${names.join(', ')}` });
}

/** What `work` does with inputs; an error about one of them names it. */
export function naming({ suite }, given, work) {
  const explain = (error) => {
    throw named(error, suite, given);
  };
  try {
    const done = work();
    return typeof done?.then === 'function' ? done.catch(explain) : done;
  } catch (error) {
    return explain(error);
  }
}

const TOLERANCE = { lookAhead: u32, past: u32, future: u32 };

export class Ocra extends Handle {
  static name = 'Ocra';

  #suite;

  constructor(secret, suite, settings) {
    const shared = inner(secret, Secret);
    text(suite, 'the suite');
    const { allowShort = false } = options(settings, 'Ocra', { allowShort: flag });
    const made = perform(
      operation.OCRA_NEW,
      shared,
      (input) => input.text(suite).bool(allowShort),
      // What else the reply has of the suite is in its text.
      (reply) => [reply.number(), reply.text()]);
    super(OWN, made[0]);
    [, this.#suite] = made;
  }

  get suite() {
    inner(this, Ocra);
    return this.#suite;
  }

  respond(inputs) {
    const ocra = inner(this, Ocra);
    const checked = ocraInputs(inputs);
    return naming(this, checked, () => perform(
      operation.OCRA_RESPOND, ocra, (input) => packInputs(input, checked), onlyText));
  }

  verify(response, inputs, tolerance) {
    const ocra = inner(this, Ocra);
    text(response, 'the response');
    const checked = ocraInputs(inputs);
    const { lookAhead = 0, past = 0, future = 0 } = options(
      tolerance, 'the tolerance', TOLERANCE);
    const write = (input) => packInputs(input.text(response), checked)
      .u32(lookAhead).u32(past).u32(future);
    const read = (reply) => reply.optional(() => ({
      counter: reply.optional(reply.u64), timeStep: reply.optional(reply.u64),
    }));
    return naming(this, checked, () => perform(operation.OCRA_VERIFY, ocra, write, read));
  }

  generateQuestion() {
    const write = (input) => input.entropy(32);
    return perform(operation.OCRA_QUESTION, inner(this, Ocra), write, onlyText);
  }

  signatureQuestion(algorithm, data) {
    const ocra = inner(this, Ocra);
    text(algorithm, 'the algorithm');
    bytes(data, 'the data');
    const write = (input) => input.algorithm(algorithm).bytes(data);
    return perform(operation.OCRA_SIGNATURE_QUESTION, ocra, write, onlyText);
  }

  static mutualQuestions(client, server) {
    text(client, "the client's question");
    text(server, "the server's question");
    return perform(
      operation.OCRA_MUTUAL,
      0,
      (input) => input.text(client).text(server),
      (reply) => ({ forServerResponse: reply.text(), forClientResponse: reply.text() }));
  }
}
