// The errors of the engine, by the numbers that every language shares.
import { ERRORS } from './lists.js';

// Number 0 is this package's own: an error of the instance, not of the input.
const TRAPPED = [
  0,
  'InstanceTrapped',
  'the WebAssembly instance trapped; what was made in it is gone, a new one replaces it',
];

const BY_NUMBER = new Map([TRAPPED, ...ERRORS].map((row) => [row[0], row]));

/** Adds errors that are not among the first ones. */
export function learn(errors) {
  for (const row of errors) BY_NUMBER.set(row[0], row);
}

/** The text of an error that has no other. */
export const textOf = (number) => BY_NUMBER.get(number)?.[2] ?? `error ${number}`;

/** Misuse or failure that the engine reports; `name` and `number` are stable. */
export class MpassError extends Error {
  // Bundlers rename a class that refers to itself.
  static name = 'MpassError';

  constructor(number, { message, ...options } = {}) {
    super(message ?? textOf(number), options);
    const name = BY_NUMBER.get(number)?.[1] ?? 'Unknown';
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true });
    this.number = number;
  }

  /** The error of a name, for stores of the host's own. */
  static of(name, options) {
    const row = [...BY_NUMBER.values()].find(([number, held]) => number > 0 && held === name);
    if (!row) throw new TypeError('no error has this name');
    return new MpassError(row[0], options);
  }
}
