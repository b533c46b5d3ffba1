// Runs docs/MIGRATING.md: every block prints what its comments say, and both blocks
// under a heading the same, unless the heading says that they differ.
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { equal } from './cases/assert.js';
import { show } from './show.js';

const guide = readFileSync('MIGRATING.md', 'utf8');
const directory = mkdtempSync('migrating-');
const results = [];

/** The lines that a program prints. */
async function printed(file, program) {
  const path = join(directory, file);
  writeFileSync(path, program);
  const lines = [];
  const { log } = console;
  console.log = (...values) => lines.push(values.map(
    (value) => (typeof value === 'bigint' ? `${value}n` : `${value}`)).join(' '));
  try {
    await import(pathToFileURL(path));
  } finally {
    console.log = log;
  }
  return lines;
}

/** What a block says that it prints. */
const said = (program) => [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)]
  .flatMap(([, text]) => text.split(', then '));

for (const section of guide.split(/^## /m).slice(1)) {
  const library = section.split('\n', 1)[0];
  for (const [at, item] of section.split(/^### /m).slice(1).entries()) {
    const heading = item.split('\n', 1)[0];
    const result = { name: `${library}: ${heading}`, passed: false };
    results.push(result);
    try {
      const programs = [...item.matchAll(/^```js\n(.*?)^```/gms)].map(([, program]) => program);
      equal(programs.length, 2, 'blocks');
      const outputs = [];
      for (const [which, program] of programs.entries()) {
        // The package of the older version has another name here.
        const named = library === 'otplib 12' ? program.replace("from 'otplib'", "from 'otplib-12'") : program;
        const lines = await printed(`${library.replace(' ', '-')}-${at}-${which}.mjs`, named);
        equal(lines, said(program), which === 0 ? library : 'libmpass');
        outputs.push(lines);
      }
      if (!heading.startsWith('Differs')) equal(outputs[0], outputs[1], 'both');
      result.passed = true;
    } catch (error) {
      result.message = `${error.stack}`;
    }
  }
}
rmSync(directory, { recursive: true });
show('docs/MIGRATING.md with otpauth and otplib', results);
