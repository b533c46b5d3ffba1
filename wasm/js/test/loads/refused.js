// Where no entry can work, and the messages of that, which the README has.
import { readFileSync } from 'node:fs';
import { SOURCES, program } from './entries.js';
import { refusedInExtension } from './extension.js';
import { each, run, workplace, write } from './work.js';

const MISSING = 'libmpass needs WebAssembly, which this JavaScript engine does not have';
const POLICY = 'violates the following Content Security policy directive';

/** Runs programs in a Node.js that has no WebAssembly, as Hermes has none. */
function withoutWebAssembly(entries) {
  const directory = workplace('without WebAssembly');
  return each(entries, async (entry) => {
    const found = [];
    for (const [ending, isCommon] of [['mjs', false], ['cjs', true]]) {
      const file = `${entry.file}.${ending}`;
      const source = isCommon ? SOURCES.required : SOURCES.resolved;
      write(directory, {
        [file]: program(entry, source, isCommon),
        [`main-${entry.file}.mjs`]: `delete globalThis.WebAssembly;
const { default: run } = await import('./${file}');
run().then(console.log, ({ message }) => console.log(message));\n`,
      });
      found.push(await run(process.execPath, [`main-${entry.file}.mjs`], directory));
    }
    return found.every((message) => message === found[0]) ? found[0] : found.join(', ');
  });
}

/** What each place refuses: descriptions of cases, and of what is not as documented. */
export async function refusals(entries) {
  const readme = readFileSync('node_modules/libmpass/README.md', 'utf8');
  const [refused, faults] = [[], []];
  for (const [place, expected, work] of [
    ['without WebAssembly', MISSING, withoutWebAssembly],
    ['an extension without a policy', POLICY, refusedInExtension],
  ]) {
    if (!readme.includes(expected)) faults.push(`the README does not have: ${expected}`);
    for (const [name, found] of Object.entries(await work(entries))) {
      const isRefused = `${found}`.includes(expected);
      (isRefused ? refused : faults).push(`${place}, ${name}: ${found?.stack ?? found}`);
    }
  }
  return { refused, faults };
}
