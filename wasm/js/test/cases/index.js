// Every case, for any runtime: name and function. One that returns a number
// has checked so many things.
import exchange from './exchange.js';
import misuse from './misuse.js';
import services from './services.js';
import state from './state.js';
import tenants from './tenants.js';
import vectorCases from './vectors.js';

export function cases(mpass, vectors) {
  return {
    ...vectorCases(mpass, vectors),
    ...exchange(mpass),
    ...services(mpass),
    ...state(mpass),
    ...tenants(mpass),
    ...misuse(mpass),
  };
}

/** Runs every case and says what came of each. */
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
