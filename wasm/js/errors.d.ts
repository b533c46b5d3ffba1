// The types of the engine's errors.

import { ErrorName } from './lists.js';

/**
 * Misuse or failure that the engine reports; the message of a refused setting
 * names it, its range and the value. A wrong code is a verdict, never an error.
 * An argument of the wrong type is a TypeError, a number out of its range a
 * RangeError. `InstanceTrapped` (number 0) says that the WebAssembly instance
 * broke: everything made before is gone, what is made afterwards lives in a new
 * one.
 */
export class MpassError extends Error {
  private constructor();
  /** The error of a name, for stores of the host's own. */
  static of(name: ErrorName): MpassError;
  readonly name: ErrorName | 'InstanceTrapped';
  /** The number that every language shows. */
  readonly number: number;
}
