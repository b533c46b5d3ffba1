// Reports a run: a line to read, and counts for the table of all runtimes.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** The cases that are counted, by the prefixes of their names. */
const COUNTED = [
  ['vectors ', ({ name, count }) => [name, count]],
  ['exchange: ', () => ['exchange', 1]],
  ['parallel attempts: ', ({ count }) => ['parallel', count]],
  ['server: ', ({ count }) => ['server', count]],
];

/** Adds the passed cases to the counts of `cargo xtask test`, if it is running. */
export function save(results) {
  const { MPASS_COVERAGE: directory, MPASS_RUNTIME: runtime } = process.env;
  if (!directory || !runtime) return;
  const lines = results.filter(({ passed }) => passed).flatMap((result) => {
    const counted = COUNTED.find(([begin]) => result.name.startsWith(begin));
    return counted ? [`${counted[1](result).join(' ')}\n`] : [];
  });
  appendFileSync(join(directory, runtime), lines.join(''));
}

/** The same with a summary line, for runtimes without a test runner. */
export function show(runtime, results) {
  save(results);
  const failed = results.filter(({ passed }) => !passed);
  for (const { name, message } of failed) console.error(`${name}\n${message}`);
  const passed = results.length - failed.length;
  console.log(`${runtime}: ${passed} passed, ${failed.length} failed`);
  if (failed.length > 0 || results.length === 0) process.exitCode = 1;
}
