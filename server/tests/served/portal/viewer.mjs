// The page of OpenAPI of a running demo in Chromium: every document is shown and one
// request of each is tried; the document of the administration is tried with a token.
//
// node viewer.mjs PACKAGES PORTAL CONTRACTS TOKEN
//
// With MPASS_SCREENSHOTS, a directory gets a picture of every document.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, portal, base, token] = process.argv.slice(2);
const require = createRequire(join(packages, "node_modules", "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.MPASS_SCREENSHOTS;
const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

/** axe-core on the page around Swagger UI, and the page's width. */
async function look(page, name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: "#viewer" }, {
      resultTypes: ["violations"],
    }));
    const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
    assert.deepEqual(found, [], `${name} ${size}`);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${size}.png`), fullPage: true });
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} pixels too wide at ${size}`);
  }
  await page.setViewportSize(SIZES.desk);
}

/** Opens a request, fills it in, sends it, and returns the status and the answer. */
async function attempt(page, method, path, values = {}, body = undefined) {
  const block = page.locator(`.opblock-${method}`).filter({ has: page.locator(`[data-path="${path}"]`) });
  await block.locator(".opblock-summary-control").click();
  for (const [name, value] of Object.entries(values)) {
    await block.locator(`tr[data-param-name="${name}"]`).locator("input, select").fill(value);
  }
  if (body) await block.locator("textarea.body-param__text").fill(JSON.stringify(body));
  await block.locator("button.execute").click();
  const answer = block.locator(".live-responses-table .response").first();
  await answer.waitFor();
  const status = (await answer.locator(".response-col_status").innerText()).trim().split("\n")[0];
  const text = await answer.locator(".response-col_description").innerText();
  return { status, text, block };
}

const faults = [];
const foreign = [];
const watch = (page) => {
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (it) => { if (it.type() === "error") faults.push(it.text()); });
  page.on("request", (it) => {
    if (![base, portal].some((own) => it.url().startsWith(own)) && !it.url().startsWith("data:")) foreign.push(it.url());
  });
};

const TRIED = {
  "/openapi/mpass.json": ["get", "/mpass-web/rest/mv/msg", { dest: "+966500000060" }, undefined, '"status": "0"'],
  "/openapi/verify-now.json": [
    "post", "/verification/v3/send", { countryCode: "966", mobileNumber: "500000061" }, undefined, '"message": "SUCCESS"',
  ],
  "/openapi/otp-validation-v1.json": [
    "post", "/one-time-password-sms/v1/send-code", {}, { phoneNumber: "+966500000062", message: "{{code}} is your code" }, "authenticationId",
  ],
  "/openapi/number-verification-v2.json": [
    "post", "/number-verification/v2/verify", {}, { phoneNumber: "+966500000000" }, '"devicePhoneNumberVerified": true',
  ],
  "/openapi/number-verification-v0.json": [
    "get", "/number-verification/v0/device-phone-number", {}, undefined, '"devicePhoneNumber": "+966500000000"',
  ],
  "/openapi/login.json": ["get", "/.well-known/openid-configuration", {}, undefined, "issuer"],
  "/openapi/server.json": ["get", "/openapi", {}, undefined, "documents"],
};

try {
  const context = await browser.newContext({ locale: "en-GB", viewport: SIZES.desk, reducedMotion: "reduce" });
  const page = await context.newPage();
  watch(page);
  await page.goto(`${base}/`);
  await page.click("a[href='/openapi']");
  const links = page.locator(".documents a");
  const paths = await links.evaluateAll((all) => all.map((it) => new URL(it.href).searchParams.get("show")));
  assert.deepEqual([...paths].sort(), Object.keys(TRIED).sort());
  for (const path of paths) {
    await page.goto(`${base}/openapi?show=${path}`);
    const name = path.slice("/openapi/".length, -".json".length);
    const [method, of, values, body, expected] = TRIED[path];
    const { status, text } = await attempt(page, method, of, values, body);
    assert.equal(status, "200", `${path}: ${text}`);
    assert.ok(text.includes(expected), `${path}: ${text}`);
    await look(page, `openapi-${name}`);
    console.log(`${name}: ok`);
  }
  await context.close();

  const arabic = await browser.newContext({ locale: "ar-SA", viewport: SIZES.desk, colorScheme: "dark" });
  const other = await arabic.newPage();
  watch(other);
  await other.goto(new URL("/openapi", portal).href);
  assert.equal(await other.evaluate(() => document.documentElement.dir), "rtl");
  assert.ok(await other.evaluate(() => document.documentElement.classList.contains("dark-mode")));
  await other.locator(".auth-wrapper .authorize").click();
  await other.locator(".auth-container input").fill(token);
  await other.locator(".auth-container button.authorize").click();
  await other.locator(".auth-container button.btn-done").click();
  const { status, text } = await attempt(other, "get", "/channels");
  assert.equal(status, "200", text);
  assert.ok(text.includes('"demo"'), text);
  await look(other, "openapi-administration-ar");
  console.log("administration: ok");

  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  const without = await plain.newPage();
  await without.goto(`${base}/openapi`);
  await without.click("main a[href$='.json']:not(.documents a)");
  assert.ok((await without.textContent("body")).includes('"openapi"'));
  assert.deepEqual(faults, []);
  assert.deepEqual(foreign, []);
  console.log("viewer: ok");
} finally {
  await browser.close();
}
