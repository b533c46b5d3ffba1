// The texts of settings that are refused.
import { textOf } from '../errors.js';
import { FIELDS } from '../fields.js';
import { withOwnNames } from '../setting-names.js';

/** For example `tries: the number of tries must be 1 to 100 (1 to 100)`. */
export function refusedSetting(error, number) {
  const [name, { range }] = Object.entries(FIELDS).find(([, field]) => field.number === number);
  return withOwnNames(`${name}: ${textOf(error)}${range && ` (${range})`}`);
}
