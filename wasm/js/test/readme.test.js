// Runs the README's examples unchanged: every `console.log` line ends in a
// comment with its expected output.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

for (const file of ['node_modules/libmpass/README.md', 'README.md']) {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```js\n(.*?)^```/gms)];
  test(`${file}: its JavaScript prints what it says`, () => {
    assert.ok(blocks.length > 0);
    // Next to this file, so that the installed package is found.
    const directory = mkdtempSync('readme-');
    try {
      for (const [at, [, code]] of blocks.entries()) {
        const script = join(directory, `block-${at}.mjs`);
        writeFileSync(script, code);
        const said = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
        assert.ok(said.length > 0);
        // The second run finds the files of the first.
        for (let run = 0; run < 2; run += 1) {
          const options = { cwd: directory, encoding: 'utf8' };
          const printed = execFileSync(process.execPath, [`block-${at}.mjs`], options);
          assert.equal(printed, `${said.join('\n')}\n`);
        }
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}

test('the program of the README for Workers compiles', () => {
  const readme = readFileSync('node_modules/libmpass/README.md', 'utf8');
  const programs = [...readme.matchAll(/^```ts\n(.*?)^```/gms)]
    .map(([, code]) => code).filter((code) => code.includes('libmpass/durable-objects'));
  assert.equal(programs.length, 1);
  const directory = mkdtempSync('readme-');
  try {
    writeFileSync(join(directory, 'worker.ts'), programs[0]);
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({
      extends: '../tsconfig.workers.json', files: ['worker.ts'],
    }));
    const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [compiler, '-p', directory], { encoding: 'utf8' });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the README names pages and examples of the repository as such', () => {
  const readme = readFileSync('node_modules/libmpass/README.md', 'utf8').replace(/\s+/g, ' ');
  const named = [...readme.matchAll(/(its )?`(?:docs|examples)\/[^`]*`( of the repository)?/g)];
  assert.ok(named.length > 4);
  for (const [text, its, after] of named) assert.ok(its ?? after, text);
});
