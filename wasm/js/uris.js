// Key URIs in the module of codes. The pages of small entries have `small/uris.js` in
// place of this file.
import { main } from './crossing.js';

/** The instance that has the key URIs. */
export const uris = main;

/** `use` of a secret in that instance. */
export const withLent = (secret, use) => use(secret);

/** A secret of that instance among the others. */
export const takenBack = (secret) => secret;
