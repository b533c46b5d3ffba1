// The names of settings in texts of the engine.
import { FIELDS } from './fields.js';

const SNAKE = /\b[a-z]+(?:_[a-z]+)+\b/g;
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** A text with its settings as JavaScript names them: `allowWeak` for `allow_weak`. */
export const withOwnNames = (text) => text.replace(SNAKE, (name) =>
  (Object.hasOwn(FIELDS, camel(name)) ? camel(name) : name));
