// Key URIs in a module of their own, which programs of codes alone do not have: bundlers
// leave it out with the class `KeyUri`.
import { frequent } from 'libmpass:module';
import { text } from 'libmpass:uris';
import { main } from './crossing.js';
import { object, perform, release } from '../instance.js';
import { decode } from './letters.js';
import { SECRET_EXPOSE, SECRET_FROM_BYTES } from '../operations.js';

/** The instance that has the key URIs. */
export const uris = {
  generation: 0,
  compile: () => new WebAssembly.Module(decode(text, frequent)),
  instance: undefined,
};

/** A copy of a secret in another instance. */
function copied(secret, from, to) {
  const bytes = perform(SECRET_EXPOSE, secret, undefined, (reply) => reply.bytes(), from);
  try {
    return perform(SECRET_FROM_BYTES, 0, (input) => input.bytes(bytes), object, to);
  } finally {
    bytes.fill(0);
  }
}

/** `use` of a secret in that instance. */
export function withLent(secret, use) {
  const lent = copied(secret, main, uris);
  try {
    return use(lent);
  } finally {
    release(lent, uris);
  }
}

/** A secret of that instance among the others. */
export function takenBack(secret) {
  try {
    return copied(secret, uris, main);
  } finally {
    release(secret, uris);
  }
}
