"use strict";

// The contracts other than mPass; the shared code is in demo.js.

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
const buttons = [...document.querySelectorAll("nav.services button")];

function show(service) {
  for (const button of buttons) {
    const isShown = button.dataset.service === service;
    button.setAttribute("aria-pressed", String(isShown));
    byId(`service-${button.dataset.service}`).hidden = !isShown;
  }
}

for (const button of buttons) button.addEventListener("click", () => show(button.dataset.service));

// One call: its status, and its body as text and as parsed JSON.
async function call(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options });
  const raw = await response.text();
  return { status: response.status, raw: `HTTP ${response.status}  ${raw}`, body: raw ? JSON.parse(raw) : null };
}

// Runs an action when its form is submitted, and shows the result.
function on(id, action) {
  const form = byId(id);
  const output = form.querySelector("output");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      say(output, ...(await action(form)));
      poll();
    } catch {
      say(output, "bad", "No answer", "The server does not respond.", "");
    } finally {
      button.disabled = false;
    }
  });
}

function basic() {
  return `Basic ${btoa(`${encodeURIComponent(meta("client"))}:${encodeURIComponent(meta("secret"))}`)}`;
}

function bearer(token, body) {
  return {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

// VerifyNow.

const VERIFY_NOW = {
  200: ["good", "Done"],
  506: ["wait", "A code is still valid"],
  702: ["bad", "Wrong"],
  703: ["bad", "Already verified"],
  705: ["wait", "Expired"],
};
let verificationId = "";

async function authToken() {
  const fields = new URLSearchParams({ customerId: meta("customer"), key: meta("password"), scope: "NEW" });
  const { body } = await call(`/auth/v1/authentication/token?${fields}`);
  return body.token;
}

async function verifyNow(method, path, fields) {
  const headers = { authToken: await authToken() };
  const { raw, body } = await call(`/verification/v3/${path}?${new URLSearchParams(fields)}`, { method, headers });
  verificationId = body.data?.verificationId ?? verificationId;
  return [...(VERIFY_NOW[body.responseCode] ?? ["bad", `Code ${body.responseCode}`]), body.message, raw];
}

on("vn-send", ({ countryCode, mobileNumber, otpLength }) =>
  verifyNow("POST", "send", {
    countryCode: countryCode.value.trim(),
    mobileNumber: mobileNumber.value.trim(),
    flowType: "SMS",
    otpLength: otpLength.value,
  }));
on("vn-validate", ({ code }) =>
  verifyNow("GET", "validateOtp", { verificationId, code: code.value.trim() }));

// OTP Validation.

const OTP = "/one-time-password-sms/v1/";
let authenticationId = "";

async function clientToken() {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    scope: "one-time-password-sms:send-validate",
  });
  const answer = await call("/oauth2/token", { method: "POST", headers: { Authorization: basic() }, body });
  return answer.body.access_token;
}

async function otp(path, fields) {
  const { status, raw, body } = await call(OTP + path, bearer(await clientToken(), fields));
  authenticationId = body?.authenticationId ?? authenticationId;
  return status < 300 ? ["good", "Done", "", raw] : ["bad", body.code, body.message, raw];
}

on("otp-send", ({ phoneNumber, message }) =>
  otp("send-code", { phoneNumber: phoneNumber.value.trim(), message: message.value }));
on("otp-validate", ({ code }) => otp("validate-code", { authenticationId, code: code.value.trim() }));

// Number Verification: the login redirects away from the page and back with a code.

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
let accessToken = "";

on("nv-login", async () => {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  sessionStorage.setItem("login", JSON.stringify({ verifier, state }));
  const fields = new URLSearchParams({
    response_type: "code",
    client_id: meta("client"),
    redirect_uri: meta("back"),
    scope: "openid number-verification:verify",
    state,
    code_challenge: base64url(digest),
    code_challenge_method: "S256",
  });
  location.assign(`/oauth2/authorize?${fields}`);
  return ["wait", "Redirecting", "", ""];
});

async function comeBack() {
  const answer = new URLSearchParams(location.search);
  const login = JSON.parse(sessionStorage.getItem("login") ?? "null");
  sessionStorage.removeItem("login");
  history.replaceState(null, "", "/");
  show("number");
  const output = byId("nv-login").querySelector("output");
  if (answer.has("error")) return say(output, "bad", answer.get("error"), answer.get("error_description") ?? "", "");
  if (!login || login.state !== answer.get("state")) return say(output, "bad", "Unexpected login", "This page did not request this login.", "");
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: meta("back"),
    code_verifier: login.verifier,
  });
  const token = await call("/oauth2/token", { method: "POST", headers: { Authorization: basic() }, body });
  accessToken = token.body.access_token ?? "";
  if (accessToken) return say(output, "good", "Logged in", "The token is valid for one call.", "");
  return say(output, "bad", token.body.error, token.body.error_description ?? "", token.raw);
}

on("nv-verify", async ({ phoneNumber }) => {
  if (!accessToken) return ["wait", "Log in first", "A token is valid for one call.", ""];
  const fields = { phoneNumber: phoneNumber.value.trim() };
  const { status, raw, body } = await call("/number-verification/v2/verify", bearer(accessToken, fields));
  if (status !== 200) return ["bad", body.code, body.message, raw];
  return body.devicePhoneNumberVerified
    ? ["good", "Verified", "It is the number of this device.", raw]
    : ["bad", "Not verified", "It is not the number of this device.", raw];
});

if (location.pathname === "/back") comeBack();
