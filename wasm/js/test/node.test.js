// Runs all cases in Node with the installed package.
import test, { after } from 'node:test';
import * as mpass from 'libmpass';
import { cases } from './cases/index.js';
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
