// The errors of the engine, by the numbers that every language shares.
import { ERRORS } from './lists.js';

// Number 0 is this package's own: an error of the instance, not of the input.
const TRAPPED = [
  0,
  'InstanceTrapped',
  'the WebAssembly instance trapped; what was made in it is gone, a new one replaces it',
];

const BY_NUMBER = new Map([TRAPPED, ...ERRORS].map((row) => [row[0], row]));

/** Misuse or failure that the engine reports; `name` and `number` are stable. */
export class MpassError extends Error {
  constructor(number, { message, ...options } = {}) {
    const [known, name, text] = BY_NUMBER.get(number) ?? [number, 'Unknown', `error ${number}`];
    super(message ?? text, options);
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true });
    this.number = known;
  }

  /** The error of a name, for stores of the host's own. */
  static of(name) {
    const row = ERRORS.find(([, held]) => held === name);
    if (!row) throw new TypeError('no error has this name');
    return new MpassError(row[0]);
  }
}
