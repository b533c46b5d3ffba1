// Runs all cases in Node with the installed package, and those of the entry without
// the login.
import test, { after } from 'node:test';
import * as whole from 'libmpass';
import * as mpass from 'libmpass/login';
import { cases, casesWithoutLogin } from './cases/index.js';
import { save } from './show.js';
import vectors from './vectors.js';

const results = [];
after(() => save(results));

for (const [name, run] of Object.entries(cases(mpass, vectors))) {
  test(name, async () => {
    const result = { name, passed: false };
    results.push(result);
    result.count = (await run()) ?? null;
    result.passed = true;
  });
}

for (const [name, run] of Object.entries(casesWithoutLogin(whole, vectors))) {
  test(`without the login: ${name}`, run);
}
