// Builds the example worker with wrangler, as a deployment does, and checks what its
// configuration binds.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ok } from '../cases/assert.js';
import { withDirectory } from '../workerd-run.js';

const NODE_22 = resolve('node_modules/node-22/bin/node');
const WRANGLER = resolve('node_modules/wrangler/bin/wrangler.js');

await withDirectory((directory) => {
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
  const built = readdirSync(directory);
  ok(built.includes('worker.js') && built.some((name) => name.endsWith('.wasm')), `${built}`);
  console.log(`examples/edge-worker: built by wrangler, ${printed.match(/Total Upload: .*/)[0]}`);
});
