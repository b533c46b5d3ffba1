// What the installed package has, and what its manifest says about it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import test from 'node:test';

const directory = dirname(createRequire(import.meta.url).resolve('libmpass/package.json'));
const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

/** The files below a directory, by their paths in the package. */
const filesIn = (at) => readdirSync(at, { withFileTypes: true }).flatMap((entry) => (
  entry.isDirectory() ? filesIn(join(at, entry.name)) : [relative(directory, join(at, entry.name))]));
const FILES = filesIn(directory);

const ENTRIES = ['challenge', 'login', 'mpass', 'oath', 'otp'];
const TYPES = [
  'bytes', 'challenge', 'challenge.init', 'durable-objects', 'errors', 'index', 'index.init', 'init', 'lists', 'login', 'login.init',
  'oath', 'oath.init', 'otp', 'otp.init', 'service', 'settings', 'tenant', 'tenants',
].map((name) => `${name}.d.ts`);
const LOADERS = ['bundled.js', 'init-node.js', 'init.js', 'inline.js', 'node.js'];

test('the package has the files of its entries, and no others', () => {
  const common = [
    'package.json', ...TYPES, ...ENTRIES.flatMap((entry) => LOADERS.map((file) => `${entry}/${file}`)),
  ].map((file) => `cjs/${file}`);
  const modules = ENTRIES.flatMap((entry) =>
    [...LOADERS, 'edge.js', 'workerd.js', `${entry}.wasm`].map((file) => `${entry}/${file}`));
  const stores = ['postgres', 'redis'].flatMap((store) => ['', 'cjs/'].flatMap((directory) =>
    ['d.ts', 'js'].map((extension) => `${directory}stores/${store}.${extension}`)));
  const about = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'durable-objects.js', 'package.json'];
  assert.deepEqual(FILES.sort(), [...about, ...TYPES, ...common, ...modules, ...stores].sort());
});

test('what is exported is in the package', () => {
  const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets));
  const exported = targets(manifest.exports);
  for (const target of [...exported, manifest.main, manifest.types]) {
    assert.ok(existsSync(join(directory, target)), target);
  }
  // Nothing is in it that nothing leads to, except for types that others import.
  const files = FILES.filter((file) => /\.(js|wasm)$/.test(file)).map((file) => `./${file}`);
  assert.deepEqual(files.filter((file) => !exported.includes(file)), []);
});

test('no script awaits at its top, and none has a path of the machine that built it', () => {
  for (const file of FILES.filter((name) => name.endsWith('.js'))) {
    const script = readFileSync(join(directory, file), 'utf8');
    assert.doesNotMatch(script, /^(?:const .* = )?await /m, file);
    assert.doesNotMatch(script, /\/(?:root|home|tmp|Users)\//, file);
    assert.doesNotMatch(script, /\beval\(|\bnew Function\b/, file);
  }
});

test('the manifest is complete', () => {
  for (const name of ['description', 'keywords', 'license', 'engines']) {
    assert.ok(manifest[name], name);
  }
  // The build names a repository if it is given one.
  assert.equal(manifest.repository, undefined);
  assert.equal(manifest.publishConfig.provenance, true);
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts, undefined);
});
