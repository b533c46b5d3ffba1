// Runs all cases in Chromium, on a page served on loopback that loads the
// installed package.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { show } from './show.js';

const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
// The page may neither evaluate strings as code nor load from other origins.
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'nonce-map'";
const PAGE = `<!doctype html><meta charset="utf-8"><title>libmpass</title>
<script type="importmap" nonce="map">
{ "imports": { "libmpass": "/node_modules/libmpass/browser.js" } }
</script>
<script type="module" src="/page.js"></script>`;
const SCRIPT = `
import * as mpass from 'libmpass';
import { report } from './cases/index.js';
import vectors from './vectors.js';
globalThis.results = await report(mpass, vectors);
`;
const MADE = { '/': ['html', PAGE], '/page.js': ['js', SCRIPT] };

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const kind = MADE[path]?.[0] ?? path.split('.').at(-1);
    const body = MADE[path]?.[1] ?? await readFile(join(import.meta.dirname ?? '.', path));
    response.writeHead(200, { 'Content-Type': TYPES[kind], 'Content-Security-Policy': POLICY });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const profile = mkdtempSync(join(tmpdir(), 'libmpass-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});
try {
  const page = await context.newPage();
  const failures = [];
  page.on('pageerror', (error) => failures.push({ name: 'page', passed: false, message: error.stack }));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.results, null, { timeout: 60_000 })
    .catch((error) => failures.push({ name: 'page', passed: false, message: `${error}` }));
  const results = (await page.evaluate(() => globalThis.results)) ?? [];
  show(`Chromium ${context.browser()?.version() ?? ''}`.trim(), [...failures, ...results]);
} finally {
  await context.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
