// All cases, for any runtime, as name and function. A case may return the number
// of checks it made.
import exchange from './exchange.js';
import header from './header.js';
import inStore from './in-store.js';
import misuse from './misuse.js';
import services from './services.js';
import state from './state.js';
import tenants from './tenants.js';
import vectorCases from './vectors.js';

/** The cases that need the login. */
const OF_LOGIN = /^login: |^misuse: every mistake of the shared list/;

/** The cases of the entry without the login. */
export const casesWithoutLogin = (mpass, vectors) => Object.fromEntries(
  Object.entries(cases(mpass, vectors)).filter(([name]) => !OF_LOGIN.test(name)));

export function cases(mpass, vectors) {
  return {
    ...vectorCases(mpass, vectors),
    ...exchange(mpass),
    ...header(mpass),
    ...inStore(mpass),
    ...services(mpass),
    ...state(mpass),
    ...tenants(mpass),
    ...misuse(mpass),
  };
}

/** Runs all cases and returns their results. */
export async function report(mpass, vectors) {
  const results = [];
  for (const [name, run] of Object.entries(cases(mpass, vectors))) {
    try {
      results.push({ name, passed: true, count: (await run()) ?? null });
    } catch (error) {
      results.push({ name, passed: false, message: `${error.stack ?? error}` });
    }
  }
  return results;
}
