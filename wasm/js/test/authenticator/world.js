// The built example in Chromium: served on loopback, with a QR code before the camera.
import { readFile } from 'node:fs/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import encodeQR from '../../authenticator/node_modules/qr/index.js';
import { PbfWriter } from '../../authenticator/node_modules/pbf/index.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TYPES = {
  '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** Serves a directory. The page has its Content-Security-Policy in itself. */
export async function serve(directory) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    try {
      const body = await readFile(join(directory, path));
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return server;
}

/** A QR code as a picture. */
export const picture = (text, name = 'code.gif') => ({
  name, mimeType: 'image/gif', buffer: Buffer.from(encodeQR(text, 'gif', { scale: 4, border: 4 })),
});

/** A video of one frame with a QR code, in the format of Chromium's fake camera. */
function video(text) {
  const [width, height, scale] = [640, 480, 6];
  const rows = encodeQR(text, 'raw', { border: 4 });
  const luma = Buffer.alloc(width * height, 235);
  const left = Math.floor((width - rows.length * scale) / 2);
  const top = Math.floor((height - rows.length * scale) / 2);
  for (let y = 0; y < rows.length * scale; y += 1) {
    for (let x = 0; x < rows.length * scale; x += 1) {
      if (rows[Math.floor(y / scale)][Math.floor(x / scale)]) luma[(top + y) * width + left + x] = 16;
    }
  }
  const chroma = Buffer.alloc(width * height / 2, 128);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip C420jpeg\nFRAME\n`), luma, chroma]);
}

/** An export of Google Authenticator. Each account has the values of its fields 1 to 7. */
export function migration(accounts, part = 0, parts = 1) {
  const message = new PbfWriter();
  for (const [secret, name, issuer, ...numbers] of accounts) {
    message.writeMessage(1, (_, account) => {
      account.writeBytesField(1, Buffer.from(secret));
      account.writeStringField(2, name);
      account.writeStringField(3, issuer);
      numbers.forEach((value, at) => account.writeVarintField(4 + at, value));
    });
  }
  for (const [field, value] of [[2, 1], [3, parts], [4, part], [5, 7]]) {
    message.writeVarintField(field, value);
  }
  const data = Buffer.from(message.finish()).toString('base64');
  return `otpauth-migration://offline?data=${encodeURIComponent(data)}`;
}

/** Opens the page; `use` gets it, its context, and what it reported as errors. */
export async function withBrowser(seen, use) {
  const profile = mkdtempSync(join(tmpdir(), 'libmpass-authenticator-'));
  const film = join(profile, 'camera.y4m');
  writeFileSync(film, video(seen));
  const context = await chromium.launchPersistentContext(join(profile, 'data'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport: { width: 360, height: 740 },
    locale: 'en-GB',
    permissions: ['camera', 'clipboard-read', 'clipboard-write'],
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`,
    ],
  });
  try {
    await context.addInitScript({ content: axe });
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.stack));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    return await use({ page, context, faults });
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** What axe finds wrong with the page as it stands. */
export async function audit(page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
