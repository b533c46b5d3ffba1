// The login of a running server with npm's openid-client: everything except the
// client's own credential comes from discovery.
//
// node login.mjs PACKAGES ISSUER CLIENT_ID CLIENT_SECRET
import assert from "node:assert/strict";
import { get } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, issuer, id, secret] = process.argv.slice(2);
const place = join(packages, "node_modules", "openid-client", "build", "index.js");
const client = await import(pathToFileURL(place));

const NUMBER = "+966500000000";
const BACK = "https://app.example/back";
const VERIFY = "number-verification:verify";
const READ = "number-verification:device-phone-number:read";
const SMS = "one-time-password-sms:send-validate";
// RFC 7515 appendix A.3.
const KEY = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
};
const ES256 = { name: "ECDSA", namedCurve: "P-256" };

// Plain HTTP is for loopback only.
const discovered = (metadata, authentication) =>
  client.discovery(new URL(issuer), id, metadata, authentication, {
    execute: [client.allowInsecureRequests],
  });

/** Where a device's user agent is sent from an address. */
const visit = (url, localAddress) =>
  new Promise((resolve, reject) => {
    get(url, { localAddress }, (answer) => {
      answer.resume();
      assert.equal(answer.statusCode, 302);
      resolve(new URL(answer.headers.location));
    }).on("error", reject);
  });

async function login(config, scope, address) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: BACK,
    scope: `openid ${scope}`,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const back = await visit(url, address);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  const redeem = () => client.authorizationCodeGrant(config, back, checks);
  return { tokens: await redeem(), redeem };
}

const call = async (token, path, body) => {
  const answer = await fetch(issuer + path, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return [answer.status, await answer.json()];
};

async function wholeWay(config) {
  const verified = await login(config, VERIFY, "127.0.0.1");
  assert.equal(verified.tokens.expires_in, 300);
  assert.equal(verified.tokens.refresh_token, undefined);
  const verify = "/number-verification/v2/verify";
  const token = verified.tokens.access_token;
  assert.deepEqual(await call(token, verify, { phoneNumber: NUMBER }), [
    200,
    { devicePhoneNumberVerified: true },
  ]);
  assert.equal((await call(token, verify, { phoneNumber: NUMBER }))[0], 401);

  const shared = await login(config, READ, "127.0.0.1");
  assert.equal(shared.tokens.claims().sub, verified.tokens.claims().sub);
  const path = "/number-verification/v2/device-phone-number";
  assert.deepEqual(await call(shared.tokens.access_token, path), [
    200,
    { devicePhoneNumber: NUMBER },
  ]);

  // A code can be used once.
  await assert.rejects(verified.redeem(), { error: "invalid_grant" });
  // The network has no number for this address.
  await assert.rejects(login(config, VERIFY, "127.0.0.2"), { error: "login_required" });

  const own = await client.clientCredentialsGrant(config, { scope: SMS });
  assert.equal(own.expires_in, 3600);
}

const key = await crypto.subtle.importKey("jwk", KEY, ES256, false, ["sign"]);
for (const [name, ...credential] of [
  ["by default", secret],
  ["client_secret_basic", undefined, client.ClientSecretBasic(secret)],
  ["client_secret_post", undefined, client.ClientSecretPost(secret)],
  ["private_key_jwt", undefined, client.PrivateKeyJwt(key)],
]) {
  await wholeWay(await discovered(...credential));
  console.log(`${name}: ok`);
}
const wrong = await discovered(undefined, client.ClientSecretBasic(`${secret.slice(1)}x`));
await assert.rejects(login(wrong, VERIFY, "127.0.0.1"), { status: 401 });
console.log("wrong secret: refused");
