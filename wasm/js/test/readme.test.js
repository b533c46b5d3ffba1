// Runs the README's examples unchanged: every `console.log` line ends in a
// comment with its expected output.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

const PACKAGE = 'node_modules/libmpass';
const readme = readFileSync(`${PACKAGE}/README.md`, 'utf8');
const manifest = JSON.parse(readFileSync(`${PACKAGE}/package.json`, 'utf8'));

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

/** What the text around the TypeScript of the README has. */
const AROUND = `
import type { Totp } from 'libmpass';
declare const totp: Totp;
declare const express: { json(): object };
interface Answer { status(code: number): Answer; json(value: unknown): Answer }
declare const app: {
  post(path: string, body: object, handle: (request: { body?: any }, response: Answer) => Answer): void;
};
`;

test('the TypeScript of the README compiles', () => {
  const programs = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
  assert.equal(programs.length, 3);
  const directory = mkdtempSync('readme-');
  try {
    for (const [at, code] of programs.entries()) {
      const isOfWorkers = code.includes('libmpass/durable-objects');
      writeFileSync(join(directory, `program-${at}.ts`), code.includes('app.') ? AROUND + code : code);
      const settings = join(directory, 'tsconfig.json');
      writeFileSync(settings, JSON.stringify({
        extends: `../tsconfig${isOfWorkers ? '.workers' : ''}.json`, files: [`program-${at}.ts`],
      }));
      const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
      execFileSync(process.execPath, [compiler, '-p', directory], { encoding: 'utf8' });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('what the text of the README names is in the package', async () => {
  const mpass = await import('libmpass');
  const text = readme.replaceAll(/^```.*?^```/gms, '');
  const spans = [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span);
  const { ERRORS } = await import('./internals.js');
  const errors = new Set(ERRORS.map(([, name]) => name));
  const capital = spans.filter((span) => /^[A-Z][A-Za-z0-9]+$/.test(span));
  assert.ok(capital.length > 9);
  for (const name of capital) {
    const isKnown = name in mpass || name in globalThis || name in WebAssembly || errors.has(name)
      || name === 'StoreShard';
    assert.ok(isKnown || name === 'InstanceTrapped', name);
  }
  for (const path of spans.filter((span) => /^libmpass\/[\w.-]+$/.test(span))) {
    assert.ok(manifest.exports[path.replace('libmpass', '.')], path);
  }
  // The operations of tenants, and the errors of stores.
  const [, operations] = /each operation in one call: (.*?)\. An update/s.exec(text);
  for (const [, name] of operations.matchAll(/`(\w+)`/g)) {
    assert.equal(typeof mpass.Tenants.prototype[name], 'function', name);
  }
  for (const [, name] of text.matchAll(/MpassError\.of\('(\w+)'\)/g)) mpass.MpassError.of(name);
});

test('the README names pages and examples of the repository as such', () => {
  const line = readme.replaceAll(/\s+/g, ' ');
  const named = [...line.matchAll(/(its )?`(?:docs|examples)\/[^`]*`( of the repository)?/g)];
  assert.ok(named.length > 4);
  for (const [text, its, after] of named) assert.ok(its ?? after, text);
});
