// Every case in workerd, which is given the installed package's modules by
// name.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import workerd from 'workerd';
import { show } from './show.js';

const { default: program, version } = workerd;
const PACKAGE = 'node_modules/libmpass';
const { exports } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
const entry = exports['.'].workerd;

const files = (directory, ending) =>
  readdirSync(directory).filter((name) => name.endsWith(ending)).map((name) => join(directory, name));
const esm = (name, path) => `(name = ${JSON.stringify(name)}, esModule = embed ${JSON.stringify(path)})`;
const inPackage = (path) => path.slice(PACKAGE.length + 1);
// As a bundler does it: the package's name stands for its entry.
writeFileSync('libmpass.js', `export * from ${JSON.stringify(entry.replace('./', './libmpass/'))};\n`);
const modules = [
  esm('worker.js', 'worker.js'),
  esm('libmpass', 'libmpass.js'),
  esm('vectors.js', 'vectors.js'),
  ...files('cases', '.js').map((path) => esm(path, path)),
  ...[...files(PACKAGE, '.js'), ...files(join(PACKAGE, 'glue'), '.js')]
    .filter((path) => !path.endsWith('/node.js') && !path.endsWith('/browser.js'))
    .map((path) => esm(`libmpass/${inPackage(path)}`, path)),
  ...files(join(PACKAGE, 'glue'), '.wasm')
    .map((path) => `(name = "libmpass/${inPackage(path)}", wasm = embed ${JSON.stringify(path)})`),
];

/** A port that nobody listens at. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

const port = await freePort();
writeFileSync('workerd.capnp', `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${modules.join(',\n    ')}],
    compatibilityDate = "2026-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`);

/** Asks until somebody answers. */
async function answer(process_) {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    try {
      return await fetch(`http://127.0.0.1:${port}/`);
    } catch {
      if (process_.exitCode !== null) break;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
  throw new Error('workerd does not answer');
}

const child = spawn(program, ['serve', 'workerd.capnp'], { stdio: 'inherit' });
try {
  const response = await answer(child);
  const text = await response.text();
  const results = response.ok ? JSON.parse(text) : [{ name: 'worker', passed: false, message: text }];
  show(`workerd ${version}`, results);
} finally {
  child.kill();
}
