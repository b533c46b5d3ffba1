// Starts workerd with a configuration and the installed package's modules.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import workerd from 'workerd';

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
