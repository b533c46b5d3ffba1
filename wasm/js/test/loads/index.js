// Loads every entry in every runtime, from every bundler, and writes the table of
// docs/COVERAGE.md: node loads/index.js [WORD], in the directory of the project. WORD
// chooses rows, or `refused`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRIES } from './entries.js';
import { frameworks } from './frameworks.js';
import { pages } from './pages.js';
import { processes } from './processes.js';
import { refusals } from './refused.js';
import { workers } from './workers.js';

/** The tools whose versions are shown with the table. */
const VERSIONS = [
  'bun', 'deno', 'esbuild', 'jest', 'next', 'rollup', 'vite', 'vitest', 'webpack', 'workerd', 'wrangler',
];

const [, , word] = process.argv;
const inPages = pages();
const inFrameworks = frameworks(inPages.opened);
const rows = [...processes(), ...inPages.rows, ...workers(), ...inFrameworks.rows]
  .filter(([bundler, runtime]) => !word || `${bundler} ${runtime}`.includes(word));

const isAsked = !word || word === 'refused';
const { refused, faults } = isAsked ? await refusals(ENTRIES) : { refused: [], faults: [] };
let passed = refused.length;
const lines = [['bundler', 'runtime', ...ENTRIES.map(({ name }) => `\`${name}\``)]];
for (const [bundler, runtime, work] of rows) {
  const begun = Date.now();
  let results;
  try {
    results = await work(ENTRIES);
  } catch (error) {
    results = Object.fromEntries(ENTRIES.map(({ name }) => [name, error]));
  }
  const cells = ENTRIES.map(({ name, result }) => {
    const found = results[name];
    if (found === result) {
      passed += 1;
      return '✓';
    }
    faults.push(`${bundler}, ${runtime}, ${name}: ${found?.stack ?? found}`);
    return '✗';
  });
  console.log([bundler, runtime, ...cells, `${Date.now() - begun} ms`].join(' | '));
  lines.push([bundler, runtime, ...cells]);
}
await inPages.close();
await inFrameworks.close();
for (const fault of faults) console.error(fault);
if (process.env.MPASS_COVERAGE) {
  const { devDependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const tools = VERSIONS.map((name) => `${name} ${devDependencies[name]}`);
  const nodes = Object.values(optionalDependencies).map((version) => version.split('@').at(-1));
  lines.push([`Versions: ${tools.join(', ')}; Node.js ${nodes.join(' and ')} beside the installed one.`]);
  const table = lines.map((cells) => `${cells.join('\t')}\n`).join('');
  writeFileSync(join(process.env.MPASS_COVERAGE, 'loads'), table);
}
console.log(`entries loaded: ${passed} passed, ${faults.length} failed`);
if (faults.length > 0 || passed === 0) process.exitCode = 1;
