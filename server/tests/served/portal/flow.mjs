// The portal of a running demo in Chromium: what an administrator does from the first
// sign-in on, in both languages and without JavaScript, and axe-core on every screen.
//
// node flow.mjs PACKAGES PORTAL CONTRACTS PASSWORD KEY_URI
//
// With MPASS_SCREENSHOTS, a directory gets a picture of every screen. With MPASS_PACED,
// only the way of a newcomer is taken, at the pace of a person.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trial } from "./trial.mjs";

const [packages, portal, contracts, password, keyUri] = process.argv.slice(2);
const require = createRequire(join(packages, "node_modules", "x.js"));
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");
const pictures = process.env.MPASS_SCREENSHOTS;
const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };

/** The code of an authenticator now (RFC 6238), of a secret in base32 (RFC 4648). */
function totp() {
  const secret = new URL(keyUri).searchParams.get("secret");
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((it) => letters.indexOf(it).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((it) => parseInt(it, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A provider of messages: it keeps what it gets. */
async function provider() {
  const received = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => { body += part; });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"status":"0"}');
    });
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return { received, url: `http://127.0.0.1:${server.address().port}/send`, close: () => server.close() };
}

const profile = mkdtempSync(join(tmpdir(), "portal-chromium-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const sms = await provider();

const seen = new Set();
/** The code that was used last: it works once. */
let proved = "";
/** What a page is, checked by axe-core in both themes and both widths. */
async function look(page, name) {
  const language = await page.evaluate(() => document.documentElement.lang);
  assert.equal(await page.evaluate(() => document.documentElement.dir), language === "ar" ? "rtl" : "ltr");
  const key = `${name}-${language}`;
  if (seen.has(key)) return;
  seen.add(key);
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const theme of ["light", "dark"]) {
      await page.evaluate((it) => { document.documentElement.dataset.theme = it; }, theme);
      await page.addScriptTag({ path: axe }).catch(() => page.evaluate(require("node:fs").readFileSync(axe, "utf8")));
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
        resultTypes: ["violations"],
      }));
      const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
      assert.deepEqual(found, [], `${key} ${size} ${theme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${key} is ${wide} pixels too wide at ${size}`);
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name}-${language}-${size}-${theme}.png`), fullPage: true });
      }
    }
  }
  await page.setViewportSize(SIZES.desk);
  await page.evaluate(() => { document.documentElement.dataset.theme = "system"; });
}

async function api(path) {
  const answer = await fetch(contracts + path);
  return (await answer.json()).status;
}

async function codeFor(number) {
  const { length, ...all } = await (await fetch(`${contracts}/outbox.json`)).json();
  const messages = Object.values(all).filter((it) => it.to === number);
  return /\d{6}/.exec(messages.at(-1).text)[0];
}

const h1 = (page) => page.textContent("h1");
const choose = async (page, tag, digits = "latin") => {
  await page.goto(`${portal}/settings`);
  await page.selectOption("select[name=language]", tag);
  await page.selectOption("select[name=digits]", digits);
  await page.click("main form.panel button.main");
};

/** A test message says that it is under way, and is not begun twice. */
async function isBegunOnce(page) {
  const [busy, said, begun] = await page.$eval("form.line:has([name=to])", (form) => {
    let begun = 0;
    const stop = (event) => {
      if (!event.defaultPrevented) begun += 1;
      event.preventDefault();
    };
    form.addEventListener("submit", stop);
    form.requestSubmit();
    form.requestSubmit();
    form.removeEventListener("submit", stop);
    const busy = form.getAttribute("aria-busy");
    form.removeAttribute("aria-busy");
    return [busy, document.getElementById("announce").textContent, begun];
  });
  assert.equal(busy, "true");
  assert.ok(said.length > 3, said);
  assert.equal(begun, 1);
}

/** Everything that issue and manual promise, with names of its own. */
async function flow(page, tag, hasScript) {
  const check = hasScript ? (name) => look(page, name) : () => {};
  const name = `shop-${tag}${hasScript ? "" : "-plain"}`;
  await page.goto(portal);
  await check("overview");
  const before = await sends(page);

  // A channel.
  await page.goto(`${portal}/channels`);
  await check("channels");
  await page.click("a[href='/new/channel']");
  await check("channel-new");
  await page.fill("[name=name]", "not a name");
  await page.click("main button.main");
  assert.equal(await page.getAttribute("[name=name]", "aria-invalid"), "true");
  assert.equal(await page.inputValue("[name=name]"), "not a name");
  await check("channel-faults");
  await page.fill("[name=name]", name);
  await page.fill("[name=addresses]", "127.0.0.0/8");
  await page.click("main button.main");
  const key = (await page.textContent("#key")).trim();
  assert.match(key, /^[\w-]{64}$/);
  await check("channel-key");
  const request = (await page.textContent("#request-0")).trim();
  assert.ok(request.includes(key) && request.startsWith(`curl '${contracts}`), request);
  assert.equal(await page.isVisible("button[data-copy=key]"), hasScript);

  // A gateway.
  await page.goto(`${portal}/gateways`);
  await check("gateways");
  await page.click("a[href='/new/gateway']");
  await check("gateway-new");
  await page.fill("[name=name]", `sms-${name}`);
  await page.fill("[name=url]", sms.url);
  await page.fill("[name=headers]", "Authorization: Bearer {{secret.token}}");
  await page.fill("[name='secret-new.0.name']", "token");
  await page.fill("[name='secret-new.0.value']", "hidden-from-all");
  await prove(page);
  await page.click("main form.panel button.main");
  await check("gateway-refused");
  const fault = await page.locator(".fault").allTextContents();
  if (fault.length > 0) assert.fail(fault.join("; "));
  await check("gateway");
  assert.ok(!(await page.content()).includes("hidden-from-all"));

  // A test message.
  const count = sms.received.length;
  await page.fill("[name=to]", "+966500000001");
  if (hasScript) await isBegunOnce(page);
  await page.click("form.line button");
  await page.waitForURL(/tested=delivered/);
  assert.equal(sms.received.length, count + 1);
  assert.equal(sms.received.at(-1).headers.authorization, "Bearer hidden-from-all");
  await check("gateway-tested");

  // Another target clears the secret.
  await page.fill("[name=url]", sms.url.replace("/send", "/other"));
  await prove(page);
  await page.click("main form.panel button.main");
  await page.waitForURL(/done=cleared/);

  // Send and verify with the key that was shown.
  const number = `+96650${String(Math.floor(Math.random() * 1e7)).padStart(7, "0")}`;
  const dest = encodeURIComponent(number);
  assert.equal(await api(`/mpass-web/rest/mv/msg?apikey=${key}&dest=${dest}`), "0");
  const code = await codeFor(number);
  assert.equal(await api(`/mpass-web/rest/mv/verify?apikey=${key}&dest=${dest}&otp=${code}`), "0");

  // The picture moves: statistics are written every few seconds.
  const moved = async () => {
    for (let tries = 0; tries < 40; tries += 1) {
      if (await sends(page) > before) return true;
      await page.waitForTimeout(500);
      if (!hasScript) await page.goto(portal);
    }
    return false;
  };
  await page.goto(portal);
  assert.ok(await moved(), "the overview shows no send");
  await check("overview-moved");

  // Its settings, another key, its end.
  await page.goto(`${portal}/channels/${name}`);
  await check("channel");
  for (const part of await page.$$("details.part:not([open]) > summary")) await part.click();
  await page.fill("[name=tries]", "0");
  await page.click("main form.panel button.main");
  assert.equal(await page.getAttribute("[name=tries]", "aria-invalid"), "true");
  await page.fill("[name=tries]", "4");
  await page.click("main form.panel button.main");
  await page.waitForURL(/done=saved/);
  await page.click("a[href$='/rotate']");
  await check("channel-rotate");
  await page.check("[value=leaked]");
  await prove(page);
  await page.click("main form.panel button.main");
  const next = (await page.textContent("#key")).trim();
  assert.notEqual(next, key);
  assert.equal(await api(`/mpass-web/rest/mv/msg?apikey=${key}&dest=${dest}`), "2");
  await page.goto(`${portal}/channels/${name}/revoke`);
  await check("channel-revoke");
  await page.fill("[name=confirm]", "another");
  await page.click("main form.panel button.danger");
  assert.equal(await page.getAttribute("[name=confirm]", "aria-invalid"), "true");
  await page.fill("[name=confirm]", name);
  await page.click("main form.panel button.danger");
  await page.waitForURL(/done=revoked/);
  assert.equal(await api(`/mpass-web/rest/mv/msg?apikey=${next}&dest=${dest}`), "2");

  // All of it in the audit log.
  await page.goto(`${portal}/audit`);
  await check("audit");
  await page.fill("[name=on]", name);
  await page.click("main form.panel button.main");
  const found = await page.textContent("table");
  for (const what of ["channel.create", "channel.update", "channel.rotate", "channel.revoke"]) {
    assert.ok(found.includes(what), what);
  }
  assert.ok(!(await page.content()).includes(key));

  await page.click("form[action='/audit/verify'] button");
  await check("audit-verified");

  // The other screens.
  await page.goto(`${portal}/numbers`);
  await page.fill("[name=number]", number);
  await page.fill("[name=tenant]", "demo");
  await page.click("main form.panel button.main");
  await check("numbers");
  for (const [path, screen] of [
    ["/customers", "customers"], ["/new/customer", "customer-new"], ["/clients", "clients"],
    ["/new/client", "client-new"], ["/keys", "keys"], ["/administrators", "administrators"],
    ["/new/administrator", "administrator-new"], ["/administrators/demo", "administrator"],
    ["/administrators/demo/identity", "identity"], ["/administrators/demo/tokens", "tokens-of"],
    ["/all-tokens", "tokens-all"], ["/settings/credentials", "own-credentials"],
    ["/tokens", "tokens"], ["/new/token", "token-new"], ["/settings", "settings"],
    ["/session", "sessions"], ["/session/prove", "prove"], ["/session/password", "password"], ["/nothing", "missing"],
  ]) {
    await page.goto(portal + path);
    await check(screen);
  }
  await page.goto(`${portal}/new/administrator`);
  await page.fill("[name=name]", `anna-${name}`);
  await prove(page);
  await page.click("main form.panel button.main");
  assert.ok(await page.isVisible(".qr svg"));
  await check("administrator-enrolled");
  await page.goto(`${portal}/administrators/anna-${name}/remove`);
  await check("administrator-remove");
  for (const kind of ["customers", "clients"]) {
    await page.goto(`${portal}/${kind}`);
    await page.click("tbody a");
    await check(kind.slice(0, -1));
  }
  await ownCredentials(page, check);

  // A stop of the gateway, from its page, and its end.
  await page.goto(`${portal}/stops`);
  await check("stops-empty");
  await page.goto(`${portal}/gateways/sms-${name}`);
  await page.click("a[href^='/new/stop']");
  assert.equal(await page.inputValue("[name=name]"), `sms-${name}`);
  await check("stop-new");
  await page.fill("[name=why]", "no messages arrive");
  await page.check("[name=sure]");
  await page.click("main form.panel button.danger");
  await page.waitForURL(/done=stopped/);
  assert.ok((await page.textContent("table")).includes(`sms-${name}`));
  await check("stops");
  await page.click("table form button");
  await page.waitForURL(/done=resumed/);
  assert.equal(await page.locator("table").count(), 0);

  await page.goto(`${portal}/gateways/sms-${name}/remove`);
  await check("gateway-remove");
  await page.fill("[name=confirm]", `sms-${name}`);
  await prove(page);
  await page.click("main form.panel button.danger");
  await page.waitForURL(/done=removed/);
}

/** A token of one's own, and another authenticator, which changes nothing without a code
 * of it. */
async function ownCredentials(page, check) {
  await page.goto(`${portal}/new/token`);
  await page.fill("[name=name]", "reports");
  await page.check("[name='may.read']");
  await prove(page);
  await page.click("main form.panel button.main");
  assert.match((await page.textContent("#token")).trim(), /^\S{40,}$/);
  await check("token-made");
  await page.goto(`${portal}/tokens`);
  await check("tokens-listed");
  await page.goto(`${portal}/settings/credentials`);
  await page.fill("[name=password]", password);
  await prove(page);
  await page.click("main form.panel button.main");
  assert.ok(await page.isVisible(".qr svg"));
  await check("own-authenticator");
  await page.fill("[name=new_code]", "12 34 56");
  await prove(page);
  await page.click("main form.panel button.main");
  assert.equal(await page.getAttribute("[name=new_code]", "aria-invalid"), "true");
  await check("own-authenticator-wrong");
  await page.goto(`${portal}/settings`);
  assert.ok(await page.isVisible("a[href='/settings/credentials']"));
}

/** A fresh code, where a form asks for one: that of the next 30 seconds if need be. */
async function prove(page) {
  if (await page.locator("main form.panel [name=code]").count() === 0) return;
  while (totp() === proved) await page.waitForTimeout(500);
  proved = totp();
  await page.fill("main form.panel [name=code]", proved);
}

const sends = async (page) => {
  const tile = await page.textContent(".tiles .tile .figure");
  return Number(tile.replace(/\D/g, ""));
};

try {
  const context = await browser.newContext({ locale: "en-GB", viewport: SIZES.desk, reducedMotion: "reduce", timezoneId: "Asia/Riyadh" });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (it) => { if (it.type() === "error" && !/status of (403|404|422)/.test(it.text())) faults.push(it.text()); });
  await page.goto(portal);
  await look(page, "signin");
  await page.click("footer button[value=ar]");
  await look(page, "signin");
  await page.click("footer button[value=en]");
  // Somebody else: a failure of one's own delays the next code.
  await page.fill("[name=name]", "nobody");
  await page.fill("[name=password]", "wrong password");
  await page.fill("[name=code]", "000000");
  await page.click("main button");
  await look(page, "signin-wrong");
  await page.goto(portal);
  const isPaced = Boolean(process.env.MPASS_PACED);
  proved = totp();
  console.log(await trial(page, { portal, password, code: proved, isPaced }));
  if (isPaced) {
    await browser.close();
    process.exit(0);
  }
  for (const tag of ["en", "ar"]) {
    await choose(page, tag);
    await flow(page, tag, true);
    console.log(`${tag}: ok`);
  }
  await choose(page, "ar", "own");
  for (const [path, screen] of [
    ["/", "overview"], ["/channels", "channels"], ["/audit", "audit"], ["/settings", "settings"],
  ]) {
    await page.goto(portal + path);
    // A number in the text of a cell or a plot, outside of names, is in the reader's digits.
    const latin = await page.locator("main time, main .figure, main svg text").allTextContents();
    assert.deepEqual(latin.filter((it) => /[0-9]/.test(it)), [], path);
    await look(page, `${screen}-digits`);
  }
  const plain = await browser.newContext({
    javaScriptEnabled: false, locale: "en-GB", viewport: SIZES.phone, storageState: await context.storageState(),
  });
  const other = await plain.newPage();
  await choose(other, "en");
  await flow(other, "en", false);
  console.log("without JavaScript: ok");
  assert.deepEqual(faults.filter((it) => !/axe|Content Security Policy/.test(it)), []);
  console.log(`screens: ${seen.size}`);
} finally {
  await browser.close();
  sms.close();
  rmSync(profile, { recursive: true, force: true });
}
