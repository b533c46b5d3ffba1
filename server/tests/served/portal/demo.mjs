// The page of a running demo in Chromium: every service from its first step to the last,
// in both languages, on a phone and at a desk, light and dark; axe-core on all of it.
//
// node demo.mjs PACKAGES CONTRACTS
//
// With MPASS_SCREENSHOTS, a directory gets a picture of every screen.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [packages, base] = process.argv.slice(2);
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

/** axe-core and the width of a page, in both themes. */
async function look(page, name, size) {
  for (const theme of ["light", "dark"]) {
    await page.evaluate((it) => { document.documentElement.dataset.theme = it; }, theme);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
      resultTypes: ["violations"],
    }));
    const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
    assert.deepEqual(found, [], `${name} ${size} ${theme}`);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${size}-${theme}.png`), fullPage: true });
    }
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels too wide at ${size}`);
}

/** The top edges of the visible steps are in their order. */
async function areInOrder(page) {
  const steps = await page.locator(".step:visible").all();
  const tops = await Promise.all(steps.map(async (it) => (await it.boundingBox()).y));
  assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
  return steps.length;
}

const replies = { en: ["Sent", "Accepted", "Done", "Logged in", "Verified"], ar: ["أُرسلت", "مقبول", "تم", "تم تسجيل الدخول", "تم التحقق"] };

/** Waits for the answer of a form. */
async function reply(page, form, expected) {
  await page.locator(`#${form} output strong`).filter({ hasText: expected }).waitFor();
  assert.equal(await page.textContent(`#${form} output strong`), expected);
}

async function newestCode(page, count) {
  await page.waitForFunction((it) => document.querySelectorAll("#messages li").length > it, count);
  return page.locator("#messages li").last().locator("b").textContent();
}

const messages = (page) => page.locator("#messages li").count();

/** Sends a code, reads it on the phone of the page, and types it in. */
async function codes(page, tab, [send, type, field], [sent, accepted], number) {
  await page.click(`[data-service=${tab}]`);
  if (number) await page.fill(...number);
  const count = await messages(page);
  await page.click(`#${send} button`);
  await reply(page, send, sent);
  await page.fill(`#${type} [name=${field}]`, await newestCode(page, count));
  await page.click(`#${type} button`);
  await reply(page, type, accepted);
}

async function flow(page, tag, size, at) {
  const [sent, accepted, done, loggedIn, verified] = replies[tag];
  const picture = (name) => look(page, `demo-${name}-${tag}`, size);
  assert.equal(await page.evaluate(() => document.documentElement.dir), tag === "ar" ? "rtl" : "ltr");
  await codes(page, "mpass", ["send", "verify", "otp"], [sent, accepted], ["#send-dest", `+96650000001${at}`]);
  if (size === "phone") assert.equal(await areInOrder(page), 3);
  await picture("mpass");
  await codes(page, "verify-now", ["vn-send", "vn-validate", "code"], [done, done], ["#vn-number", `50000002${at}`]);
  if (size === "phone") assert.equal(await areInOrder(page), 3);
  await page.click("#service-verify-now summary");
  await picture("verify-now");
  await codes(page, "otp", ["otp-send", "otp-validate", "code"], [done, done], ["#otp-number", `+96650000003${at}`]);
  await page.click("#service-otp summary");
  await picture("otp");
  await page.click("[data-service=number]");
  await page.click("#nv-login button");
  await reply(page, "nv-login", loggedIn);
  await page.click("#nv-verify button");
  await reply(page, "nv-verify", verified);
  assert.equal(await page.isVisible("#phone"), false);
  await picture("number");
}

const faults = [];
const watch = (page) => {
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (it) => { if (it.type() === "error") faults.push(it.text()); });
};

try {
  let at = 0;
  for (const [size, viewport] of Object.entries(SIZES)) {
    const context = await browser.newContext({ locale: "en-GB", viewport, reducedMotion: "reduce" });
    const page = await context.newPage();
    watch(page);
    await page.goto(base);
    for (const tag of ["en", "ar"]) {
      if (tag === "ar") await page.click("footer button[value=ar]");
      await flow(page, tag, size, at);
      at += 1;
      console.log(`${tag} ${size}: ok`);
    }
    await context.close();
  }
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: SIZES.phone });
  const page = await plain.newPage();
  await page.goto(base);
  await page.fill("#send-dest", "+966500000040");
  await page.click("#send button");
  assert.match(await page.textContent("body"), /"status":"0"/);
  await page.goto(base);
  const [code] = /\d{6}/.exec(await page.locator("#messages .bubble").last().textContent());
  await page.fill("#verify-dest", "+966500000040");
  await page.fill("#verify-otp", code);
  await page.click("#verify button");
  assert.match(await page.textContent("body"), /"status":"0"/);
  console.log("without JavaScript: ok");
  assert.deepEqual(faults, []);
  console.log("demo: ok");
} finally {
  await browser.close();
}
