// Starts workerd with a configuration and the installed package's modules.
import { spawn } from 'node:child_process';
import {
  mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import workerd from 'workerd';
import { freePort, listening } from './listening.js';

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

/** A WebAssembly module in a workerd configuration. */
const wasm = (name, path) =>
  `(name = ${JSON.stringify(name)}, wasm = embed ${JSON.stringify(path)})`;

/** The package with all contracts and its module, and its objects, as with a bundler. */
export const packageModules = () => [
  esm('libmpass', join(PACKAGE, 'login/workerd.js')),
  wasm('login.wasm', join(PACKAGE, 'login/login.wasm')),
  esm('libmpass/login', join(PACKAGE, 'login/workerd.js')),
  wasm('libmpass/login.wasm', join(PACKAGE, 'login/login.wasm')),
  esm('libmpass/durable-objects', join(PACKAGE, 'durable-objects.js')),
];

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
