// The sign-in of the portal with npm's oidc-provider, in Chromium.
//
// node provider.mjs PACKAGES PORTAL ALGORITHM SECRET
//
// Prints the issuer, and begins once it reads a line with a code of the authenticator.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [packages, portal, algorithm, secret] = process.argv.slice(2);
const modules = join(packages, "node_modules");
const { chromium } = createRequire(join(modules, "x.js"))("playwright-core");
const { Provider } = await import(pathToFileURL(join(modules, "oidc-provider", "lib", "index.js")));

const KINDS = {
  RS256: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  EdDSA: ["ed25519"],
};
const keys = Object.entries(KINDS).map(([alg, [kind, options]]) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }),
  alg,
  kid: `key-${alg}`,
  use: "sig",
}));

const server = createServer();
await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
// Another site than the portal's 127.0.0.1.
const issuer = `http://localhost:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "portal",
    client_secret: secret,
    redirect_uris: [`${portal}/signin/provider/return`],
    response_types: ["code"],
    id_token_signed_response_alg: algorithm,
  }],
  cookies: { keys: ["a key of the test"] },
  jwks: { keys },
  pkce: { required: () => true },
});
server.on("request", provider.callback());
console.log(issuer);

const lines = createInterface({ input: process.stdin });
const code = await new Promise((resolve) => { lines.once("line", resolve); });
const profile = mkdtempSync(join(tmpdir(), "portal-chromium-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
try {
  const page = await context.newPage();
  await page.goto(`${portal}/session`);
  await page.click("a[href^='/signin/provider']");
  await page.fill("[name=login]", "anna-there");
  await page.fill("[name=password]", "any");
  await page.click("button[type=submit]");
  // Consent.
  await page.click("button[type=submit]");
  await page.waitForURL((url) => url.origin === portal);
  assert.equal(await page.getAttribute("form", "action"), "/signin/code");
  await page.fill("[name=code]", code);
  await page.click("button");
  await page.waitForURL(`${portal}/session`);
  assert.equal(await page.textContent("h1"), "anna");
  const names = (await context.cookies(portal)).map((one) => one.name);
  assert.deepEqual(names.filter((one) => one.startsWith("__Host-")), ["__Host-mpass"]);
  console.log("ok");
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  server.close();
  lines.close();
}
