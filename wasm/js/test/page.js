// A page in Chromium, served on loopback.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
// The page may neither evaluate strings as code nor load from other origins.
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'nonce-map'";

const document = (head) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>libmpass</title>\n${head}`;

/** Serves what was made, and else the files of this directory. */
function server(made) {
  return createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    try {
      const kind = made[path]?.[0] ?? path.split('.').at(-1);
      const body = made[path]?.[1] ?? await readFile(join(import.meta.dirname ?? '.', path));
      response.writeHead(200, { 'Content-Type': TYPES[kind], 'Content-Security-Policy': POLICY });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
}

/** The version of the last browser. */
export let browser = '';

/**
 * Opens a page with elements in its head, whose scripts set the global variable
 * `results`, and returns them with the errors of the page. `made` are files.
 */
export async function withPage(made, head) {
  const served = server({ ...made, '/': ['html', document(head)] });
  await new Promise((resolve) => { served.listen(0, '127.0.0.1', resolve); });
  const profile = mkdtempSync(join(tmpdir(), 'libmpass-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
  browser = context.browser()?.version() ?? '';
  try {
    const page = await context.newPage();
    const failures = [];
    const failed = (message) => failures.push({ name: 'page', passed: false, message });
    page.on('pageerror', (error) => failed(error.stack));
    await page.goto(`http://127.0.0.1:${served.address().port}/`);
    await page.waitForFunction(() => globalThis.results, null, { timeout: 60_000 })
      .catch((error) => failed(`${error}`));
    const results = await page.evaluate(async () => (await globalThis.results) ?? []);
    return [...failures, ...results];
  } finally {
    await context.close();
    served.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
