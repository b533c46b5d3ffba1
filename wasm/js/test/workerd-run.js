// Starts workerd with a configuration and the installed package's modules.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import workerd from 'workerd';
import { freePort, listening } from './listening.js';

const { default: program, version } = workerd;
const PACKAGE = 'node_modules/libmpass';

export { version };

/** The files of a directory with this ending. */
export const files = (directory, ending) =>
  readdirSync(directory).filter((name) => name.endsWith(ending)).map((name) => join(directory, name));

/** A JavaScript module in a workerd configuration. */
export const esm = (name, path) =>
  `(name = ${JSON.stringify(name)}, esModule = embed ${JSON.stringify(path)})`;

/** The package with all contracts, and its module, as with a bundler. */
export const packageModules = () => [
  esm('libmpass', join(PACKAGE, 'login/workerd.js')),
  `(name = "login.wasm", wasm = embed ${JSON.stringify(join(PACKAGE, 'login/login.wasm'))})`,
];

/**
 * Runs workerd with a worker named `main` (its definition in Cap'n Proto) and
 * other services until `work`, which is called with its base URL, is done.
 */
export async function withWorkerd(worker, services, work) {
  const port = await freePort();
  writeFileSync('workerd.capnp', `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (${worker}))${services.map((one) => `, ${one}`).join('')}],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`);
  const child = spawn(program, ['serve', 'workerd.capnp'], { stdio: 'inherit' });
  try {
    const base = `http://127.0.0.1:${port}`;
    await listening(base, child);
    return await work(base);
  } finally {
    child.kill();
  }
}
