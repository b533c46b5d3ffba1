"use strict";

// The contracts other than mPass; the shared code is in demo.js.

const tabs = document.querySelector(".services");
const buttons = [...tabs.querySelectorAll("button")];

/** Shows one service, with the phone between its steps. */
function show(service) {
  for (const button of buttons) {
    const isShown = button.dataset.service === service;
    button.setAttribute("aria-pressed", String(isShown));
    const section = byId(`service-${button.dataset.service}`);
    section.hidden = !isShown;
    if (isShown) section.querySelector(".slot")?.append(byId("phone"));
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
      say(output, "bad", t("reply.none"), t("offline"), "");
    } finally {
      button.disabled = false;
    }
  });
}

function basic() {
  return `Basic ${btoa(`${encodeURIComponent(credentials.client)}:${encodeURIComponent(credentials.secret)}`)}`;
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
  200: ["good", t("reply.done")],
  506: ["wait", t("reply.live")],
  702: ["bad", t("reply.wrong")],
  703: ["bad", t("reply.used")],
  705: ["wait", t("reply.expired")],
};
let verificationId = "";

async function authToken() {
  const fields = new URLSearchParams({ customerId: credentials.customer, key: credentials.password, scope: "NEW" });
  const { body } = await call(`/auth/v1/authentication/token?${fields}`);
  return body.token;
}

async function verifyNow(method, path, fields) {
  const headers = { authToken: await authToken() };
  const { raw, body } = await call(`/verification/v3/${path}?${new URLSearchParams(fields)}`, { method, headers });
  verificationId = body.data?.verificationId ?? verificationId;
  return [...(VERIFY_NOW[body.responseCode] ?? ["bad", t("reply.other", body.responseCode)]), body.message, raw];
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
  return status < 300 ? ["good", t("reply.done"), "", raw] : ["bad", body.code, body.message, raw];
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
    client_id: credentials.client,
    redirect_uri: credentials.back,
    scope: "openid number-verification:verify",
    state,
    code_challenge: base64url(digest),
    code_challenge_method: "S256",
  });
  location.assign(`/oauth2/authorize?${fields}`);
  return ["wait", t("reply.leaving"), "", ""];
});

async function comeBack() {
  const answer = new URLSearchParams(location.search);
  const login = JSON.parse(sessionStorage.getItem("login") ?? "null");
  sessionStorage.removeItem("login");
  history.replaceState(null, "", "/");
  show("number");
  const output = byId("nv-login").querySelector("output");
  if (answer.has("error")) return say(output, "bad", answer.get("error"), answer.get("error_description") ?? "", "");
  if (!login || login.state !== answer.get("state")) return say(output, ...meaning("bad", "foreign"), "");
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: credentials.back,
    code_verifier: login.verifier,
  });
  const token = await call("/oauth2/token", { method: "POST", headers: { Authorization: basic() }, body });
  accessToken = token.body.access_token ?? "";
  if (accessToken) return say(output, ...meaning("good", "in"), "");
  return say(output, "bad", token.body.error, token.body.error_description ?? "", token.raw);
}

on("nv-verify", async ({ phoneNumber }) => {
  if (!accessToken) return ["wait", t("reply.first"), t("reply.in.what"), ""];
  const fields = { phoneNumber: phoneNumber.value.trim() };
  const { status, raw, body } = await call("/number-verification/v2/verify", bearer(accessToken, fields));
  if (status !== 200) return ["bad", body.code, body.message, raw];
  return body.devicePhoneNumberVerified
    ? [...meaning("good", "match"), raw]
    : [...meaning("bad", "differ"), raw];
});

tabs.hidden = false;
// The buttons have the names now.
for (const name of document.querySelectorAll(".service > h2")) name.classList.add("visually-hidden");
show("mpass");
if (location.pathname === "/back") comeBack();
