"use strict";

// Shows a document with Swagger UI. In the demo, requests get the demo's credentials.

const viewer = document.getElementById("viewer");
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const { theme } = root.dataset;
const colour = () => {
  root.classList.toggle("dark-mode", theme === "dark" || (theme === "system" && dark.matches));
};

/** A token of the client, for the OTP Validation. */
async function clientToken({ client, secret }) {
  const answer = await fetch("/oauth2/token", {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${client}:${secret}`)}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      scope: "one-time-password-sms:send-validate",
    }),
  });
  return (await answer.json()).access_token;
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** A token of this machine, from the login; it is valid for one request. */
async function deviceToken({ client, secret, back }, scope) {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: back,
    scope: `openid ${scope}`,
    state: "try",
    code_challenge: base64url(digest),
    code_challenge_method: "S256",
  });
  const { url } = await fetch(`/oauth2/authorize?${query}`);
  const answer = await fetch("/oauth2/token", {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${client}:${secret}`)}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: new URL(url).searchParams.get("code"),
      redirect_uri: back,
      code_verifier: verifier,
    }),
  });
  return (await answer.json()).access_token;
}

/** A token of the customer, for VerifyNow. */
async function customerToken({ customer, password }) {
  const query = new URLSearchParams({ customerId: customer, key: password, scope: "NEW" });
  return (await (await fetch(`/auth/v1/authentication/token?${query}`)).json()).token;
}

/** Adds the demo's credentials to a request that has none. */
async function authorized(request, callers) {
  const url = new URL(request.url, location.href);
  const has = (name) => Object.keys(request.headers ?? {}).some((it) => it.toLowerCase() === name);
  const { pathname, searchParams } = url;
  const header = (name, value) => {
    request.headers = { ...request.headers, [name]: value };
  };
  if (pathname.startsWith("/mpass-web/") && !searchParams.has("apikey")) {
    searchParams.set("apikey", callers.key);
    request.url = url.href;
  } else if (pathname.startsWith("/auth/v1/") && !searchParams.has("key")) {
    searchParams.set("key", callers.password);
    searchParams.set("customerId", callers.customer);
    request.url = url.href;
  } else if (pathname.startsWith("/verification/") && !has("authtoken")) {
    header("authToken", await customerToken(callers));
    // The document has that of an example.
    if (searchParams.has("customerId")) searchParams.set("customerId", callers.customer);
    request.url = url.href;
  } else if (pathname.startsWith("/one-time-password-sms/") && !has("authorization")) {
    header("Authorization", `Bearer ${await clientToken(callers)}`);
  } else if (pathname.startsWith("/number-verification/") && !has("authorization")) {
    const use = pathname.endsWith("/verify") ? "verify" : "device-phone-number:read";
    header("Authorization", `Bearer ${await deviceToken(callers, `number-verification:${use}`)}`);
  }
  return request;
}

async function show() {
  const { url, callers } = viewer.dataset;
  const known = callers ? await (await fetch(callers)).json() : null;
  SwaggerUIBundle({
    url,
    domNode: viewer,
    // Nothing is sent to a validator elsewhere.
    validatorUrl: null,
    tryItOutEnabled: true,
    defaultModelsExpandDepth: -1,
    requestInterceptor: (request) => (known && !request.loadSpec ? authorized(request, known) : request),
  });
}

colour();
dark.addEventListener("change", colour);
show();
