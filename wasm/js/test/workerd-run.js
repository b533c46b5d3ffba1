// Starts workerd with a configuration and the installed package's modules.
import { spawn } from 'node:child_process';
import {
  mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import workerd from 'workerd';

const { default: program, version } = workerd;
const PACKAGE = 'node_modules/libmpass';
const MEMORY = '/dev/shm';
const MEMORY_NEEDED = 1 << 29;

export { version };

/** The files of a directory with this ending. */
export const files = (directory, ending) =>
  readdirSync(directory).filter((name) => name.endsWith(ending)).map((name) => join(directory, name));

/** A JavaScript module in a workerd configuration. */
export const esm = (name, path) =>
  `(name = ${JSON.stringify(name)}, esModule = embed ${JSON.stringify(path)})`;

/** A module that is the entry of the package with this name, as with a bundler. */
function entry(name, file) {
  const path = `${name.replace('/', '-')}.js`;
  const target = `${name.includes('/') ? '.' : './libmpass'}/${file.replace('./', '')}`;
  writeFileSync(path, `export * from ${JSON.stringify(target)};\n`);
  return esm(name, path);
}

/** The package's modules. */
export function packageModules() {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const named = (path) => `libmpass/${path.slice(PACKAGE.length + 1)}`;
  const scripts = [...files(PACKAGE, '.js'), ...files(join(PACKAGE, 'glue'), '.js')]
    .filter((path) => !/\/(node|browser)\.js$/.test(path));
  return [
    entry('libmpass', exports['.'].workerd),
    entry('libmpass/durable-objects', exports['./durable-objects'].default),
    ...scripts.map((path) => esm(named(path), path)),
    ...files(join(PACKAGE, 'glue'), '.wasm')
      .map((path) => `(name = ${JSON.stringify(named(path))}, wasm = embed ${JSON.stringify(path)})`),
  ];
}

/** The service `disk` of a directory: in memory, Durable Objects have no SQLite. */
export const diskService = (directory) =>
  `(name = "disk", disk = (path = ${JSON.stringify(directory)}, writable = true))`;

/**
 * Where Durable Objects are kept: in memory where there is space, because tests kill
 * workerd and not the machine.
 */
function parent() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize > MEMORY_NEEDED) return MEMORY;
  } catch {
    // Not on Linux.
  }
  return tmpdir();
}

/** Calls `work` with a fresh directory. */
export async function withDirectory(work) {
  const directory = mkdtempSync(join(parent(), 'mpass-edge-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** An unused port. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** Waits until workerd answers requests. */
async function listening(base, child) {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    try {
      return await fetch(`${base}/nowhere`);
    } catch {
      if (child.exitCode !== null) break;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
  throw new Error('workerd does not answer');
}

/**
 * Starts workerd with a worker named `main` (its definition in Cap'n Proto) and other
 * services. `stop` ends it with a signal.
 */
export async function startWorkerd(worker, services, file = 'workerd.capnp') {
  const port = await freePort();
  writeFileSync(file, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (${worker}))${services.map((one) => `, ${one}`).join('')}],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`);
  const child = spawn(program, ['serve', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  const stop = async (signal) => {
    child.kill(signal);
    await ended;
  };
  const base = `http://127.0.0.1:${port}`;
  try {
    await listening(base, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { base, stop };
}

/** Runs workerd until `work`, which is called with its base URL, is done. */
export async function withWorkerd(worker, services, work) {
  const { base, stop } = await startWorkerd(worker, services);
  try {
    return await work(base);
  } finally {
    await stop();
  }
}
