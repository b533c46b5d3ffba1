// What came of a run: a line for people, a file for the table of all hosts.
import { mkdirSync, writeFileSync } from 'node:fs';

/** Keeps results as `results/<runtime>.json`. */
export function save(runtime, results) {
  mkdirSync('results', { recursive: true });
  const rows = results.map(({ name, passed, count = null }) => ({ name, passed, count }));
  const file = `results/${runtime.toLowerCase().replace(/[^a-z0-9.]+/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify({ runtime, results: rows }, null, 1)}\n`);
}

/** The same with the closing line, for the runners without one of their own. */
export function show(runtime, results) {
  save(runtime, results);
  const failed = results.filter(({ passed }) => !passed);
  for (const { name, message } of failed) console.error(`${name}\n${message}`);
  const vectors = results.filter(({ name }) => name.startsWith('vectors '));
  const count = vectors.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const passed = results.length - failed.length;
  const more = count > 0 ? `; ${count} vectors` : '';
  console.log(`${runtime}: ${passed} passed, ${failed.length} failed${more}`);
  if (failed.length > 0 || results.length === 0) process.exitCode = 1;
}
