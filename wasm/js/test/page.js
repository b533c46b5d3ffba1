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

/** A page with elements in its head. */
export const document = (head) =>
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

/** Serves the same until it is closed; returns the address, too. */
export async function serve(made = {}) {
  const served = server(made);
  await new Promise((resolve) => { served.listen(0, '127.0.0.1', resolve); });
  return { base: `http://127.0.0.1:${served.address().port}`, close: () => served.close() };
}

/** The version of the last browser. */
export let browser = '';

/** Starts a browser with a profile of its own, to which `close` puts an end. */
export async function launch(options = []) {
  const profile = mkdtempSync(join(tmpdir(), 'libmpass-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ...options,
    ],
  });
  browser = context.browser()?.version() ?? '';
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/**
 * Opens a page with elements in its head, whose scripts set the global variable
 * `results`, and returns them with the errors of the page. `made` are files.
 */
export async function withPage(made, head) {
  const served = await serve({ ...made, '/': ['html', document(head)] });
  const { context, close } = await launch();
  try {
    const page = await context.newPage();
    const failures = [];
    const failed = (message) => failures.push({ name: 'page', passed: false, message });
    page.on('pageerror', (error) => failed(error.stack));
    await page.goto(served.base);
    await page.waitForFunction(() => globalThis.results, null, { timeout: 60_000 })
      .catch((error) => failed(`${error}`));
    const results = await page.evaluate(async () => (await globalThis.results) ?? []);
    return [...failures, ...results];
  } finally {
    await close();
    served.close();
  }
}
