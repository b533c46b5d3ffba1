// Keyrings.
import { text, u16 } from './check.js';
import { Handle, OWN, inner, object, onlyText, perform } from './instance.js';
import * as operation from './operations.js';

export class Keyring extends Handle {
  static name = 'Keyring';

  static generate() {
    const write = (input) => input.entropy(32);
    return new Keyring(OWN, perform(operation.KEYRING_GENERATE, 0, write, object));
  }

  static parse(keyring) {
    text(keyring, 'the keyring');
    const write = (input) => input.text(keyring);
    return new Keyring(OWN, perform(operation.KEYRING_PARSE, 0, write, object));
  }

  expose() {
    return perform(operation.KEYRING_EXPOSE, inner(this, Keyring), undefined, onlyText);
  }

  add() {
    const keyring = inner(this, Keyring);
    const write = (input) => input.entropy(32);
    return perform(operation.KEYRING_ADD, keyring, write, (reply) => reply.u16());
  }

  activate(id) {
    const keyring = inner(this, Keyring);
    u16(id, 'the id');
    perform(operation.KEYRING_ACTIVATE, keyring, (input) => input.u16(id));
  }

  remove(id) {
    const keyring = inner(this, Keyring);
    u16(id, 'the id');
    perform(operation.KEYRING_REMOVE, keyring, (input) => input.u16(id));
  }

  get newest() {
    return this.#all().newest;
  }

  get ids() {
    return this.#all().ids;
  }

  #all() {
    const keyring = inner(this, Keyring);
    const read = (reply) => ({ newest: reply.u16(), ids: reply.list(reply.u16) });
    return perform(operation.KEYRING_IDS, keyring, undefined, read);
  }
}

/** The handle of a copy of a keyring, for what is made of it and outlives it. */
export const copyOf = (keyring) => perform(operation.KEYRING_COPY, keyring, undefined, object);
