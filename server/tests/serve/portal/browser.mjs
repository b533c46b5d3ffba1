// The sign-in of the portal in Chromium, over plain http on loopback.
//
// node browser.mjs PACKAGES BASE NAME PASSWORD RECOVERY_CODE...
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [packages, base, name, password, ...codes] = process.argv.slice(2);
const { chromium } = createRequire(join(packages, "node_modules", "x.js"))("playwright-core");

/** Runs with a browser of its own. */
async function inBrowser(options, run) {
  const profile = mkdtempSync(join(tmpdir(), "portal-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    ...options,
  });
  try {
    await run(context, await context.newPage());
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function signIn(page, code) {
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", password);
  await page.fill("[name=code]", code);
  await page.click("button");
}

/** Serves a page of another site: another host, not only another port. */
async function elsewhere(body, run) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end(body);
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  try {
    await run(`http://localhost:${server.address().port}/`);
  } finally {
    server.close();
  }
}

// Without JavaScript: the form leads back to where it began.
await inBrowser({ javaScriptEnabled: false }, async (context, page) => {
  await page.goto(`${base}/session`);
  assert.equal(new URL(page.url()).pathname, "/signin");
  await signIn(page, "AAAA-AAAA-AAAA-AAAA");
  assert.match(await page.textContent("[role=alert]"), /wrong/);
  await signIn(page, codes.pop());
  await page.waitForURL(`${base}/session`);
  assert.equal(await page.textContent("h1"), name);
  const [cookie, ...others] = await context.cookies();
  assert.deepEqual(others, []);
  const { secure, httpOnly, sameSite, path, expires } = cookie;
  assert.equal(cookie.name, "__Host-mpass");
  assert.deepEqual([secure, httpOnly, sameSite, path, expires], [true, true, "Strict", "/", -1]);
  await page.click("button");
  await page.waitForURL(`${base}/signin`);
  assert.deepEqual(await context.cookies(), []);
  await page.goto(`${base}/session`);
  assert.equal(new URL(page.url()).pathname, "/signin");
  console.log("without JavaScript: ok");
});

// Pages of another site send nothing that counts, and show nothing of the portal.
await inBrowser({}, async (_, page) => {
  await page.goto(`${base}/session`);
  await signIn(page, codes.pop());
  await page.waitForURL(`${base}/session`);
  const form = `<form method="post" action="${base}/signout"><button>x</button></form>`;
  await elsewhere(`${form}<iframe src="${base}/signin"></iframe>`, async (url) => {
    await page.goto(url);
    // The frame is refused: it is a page of the browser's.
    await page.waitForLoadState("networkidle");
    const frame = page.frames().find((one) => one !== page.mainFrame());
    assert.equal(await frame.$("[name=password]"), null);
    const answer = page.waitForResponse((one) => one.url() === `${base}/signout`);
    await page.click("button");
    assert.equal((await answer).status(), 403);
    // Read by a script of another site. The refused answer is still being shown.
    const script = await page.context().newPage();
    await script.goto(url);
    const read = await script.evaluate(
      (target) => fetch(target, { credentials: "include" }).then(() => "read", () => "refused"),
      `${base}/session`,
    );
    assert.equal(read, "refused");
  });
  await page.goto(`${base}/session`);
  assert.equal(await page.textContent("h1"), name);
  console.log("another site: ok");
});
