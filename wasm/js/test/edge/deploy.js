// Builds the example worker with wrangler, as a deployment does, checks what its
// configuration binds, and runs what was built.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Keyring } from 'libmpass';
import { equal, ok } from '../cases/assert.js';
import { esm, withDirectory } from '../workerd-run.js';
import { Client } from './client.js';
import { startOperator } from './operator.js';

const NODE_22 = resolve('node_modules/node-22/bin/node');
const WRANGLER = resolve('node_modules/wrangler/bin/wrangler.js');
const DEST = '+966500000000';

/** Builds into a directory; the line with the size. */
function built(directory) {
  const env = {
    ...process.env,
    CI: 'true',
    WRANGLER_LOG_PATH: directory,
    WRANGLER_SEND_METRICS: 'false',
    XDG_CONFIG_HOME: directory,
  };
  const options = ['deploy', '--dry-run', '--strict', '--outdir', directory];
  const settings = { cwd: 'edge-worker', encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] };
  const printed = execFileSync(NODE_22, [WRANGLER, ...options], settings);
  for (const part of ['env.STORE (StoreShard)', 'env.GATEWAY_URL', 'env.ADDRESS_HEADER']) {
    ok(printed.includes(part), `no ${part} in ${printed}`);
  }
  return printed.match(/Total Upload: .*/)[0];
}

/** What was built, as modules; the first one is the worker. */
function modulesOf(directory) {
  const names = readdirSync(directory).filter((name) => name.endsWith('.wasm'));
  equal(names.length, 1);
  const path = (name) => relative(resolve(), join(directory, name));
  return [
    esm('worker.js', path('worker.js')),
    ...names.map((name) => `(name = "${name}", wasm = embed ${JSON.stringify(path(name))})`),
  ];
}

async function exchange(edge) {
  equal((await edge.post('/admin/store/initialize')).status, 200);
  await edge.channel('shop');
  equal(await edge.send(DEST), '0');
  equal(await edge.verify(DEST, edge.code()), '0');
}

const operator = await startOperator();
await withDirectory(async (directory) => {
  const [build, values] = ['build', 'values'].map((name) => join(directory, name));
  mkdirSync(values);
  const size = built(build);
  const edge = await Client.start({
    directory: values,
    keyring: Keyring.generate(),
    operator,
    modules: modulesOf(build),
    className: 'StoreShard',
    file: 'workerd-deployed.capnp',
  });
  try {
    await exchange(edge);
  } finally {
    await edge.stop();
    operator.close();
  }
  console.log(`examples/edge-worker: built by wrangler and run, ${size}`);
});
