"use strict";

const BASE = "/mpass-web/rest/mv/";
const POLL_MS = 1000;
const key = document.querySelector('meta[name="channel-key"]').content;
const byId = (id) => document.getElementById(id);
const send = byId("send");
const verify = byId("verify");

// The meaning of each status of the contract, for newcomers.
const VERDICTS = {
  send: {
    0: ["good", "Sent", "The message is on the phone."],
    1: ["bad", "Invalid data", "Not a mobile number, or an application that is not allowed."],
    2: ["bad", "Access denied", "The channel is not allowed to do this."],
    100: ["bad", "Internal error", "The server could not complete the request."],
  },
  verify: {
    0: ["good", "Accepted", "The code is correct and now used."],
    1: ["bad", "Invalid data", "The number or the application is invalid."],
    2: ["bad", "Access denied", "The channel is not allowed to do this."],
    3: ["bad", "Rejected", "Wrong, already used, for another application, or out of tries."],
    4: ["wait", "Expired", "The code has expired: send a new one."],
    100: ["bad", "Internal error", "The server could not complete the request."],
  },
};

function parameters(more) {
  const fields = new URLSearchParams({ apikey: key, dest: send.dest.value.trim(), ...more });
  const app = send.app.value.trim();
  if (app) fields.set("app", app);
  return fields;
}

function say(output, kind, title, text, raw) {
  const strong = document.createElement("strong");
  const span = document.createElement("span");
  const code = document.createElement("code");
  strong.textContent = title;
  span.textContent = text;
  code.textContent = raw;
  output.className = `reply ${kind}`;
  output.replaceChildren(strong, span, ...(raw ? [code] : []));
  output.hidden = false;
}

// Uses POST, which keeps number and code out of URLs.
async function ask(form, operation, path, fields, output) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(BASE + path, { method: "POST", body: fields, cache: "no-store" });
    const raw = await response.text();
    const shown = `HTTP ${response.status}  ${raw}`;
    if (response.status === 429) {
      const seconds = Number(response.headers.get("Retry-After"));
      say(output, "wait", "Too many requests", `Try again in ${duration(seconds)}.`, shown);
      return null;
    }
    const { status } = JSON.parse(raw);
    say(output, ...(VERDICTS[operation][status] ?? ["bad", `Status ${status}`, ""]), shown);
    return status;
  } catch {
    say(output, "bad", "No answer", "The server does not respond.", "");
    return null;
  } finally {
    button.disabled = false;
  }
}

function duration(seconds) {
  if (!(seconds > 0)) return "a moment";
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

send.addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("verify-reply").hidden = true;
  const fields = parameters({ lang: send.lang.value });
  if ((await ask(send, "send", "msg", fields, byId("send-reply"))) === "0") {
    verify.otp.value = "";
    verify.otp.focus({ preventScroll: true });
    poll();
  }
});

verify.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = parameters({ otp: verify.otp.value.trim() });
  ask(verify, "verify", "verify", fields, byId("verify-reply"));
});

// Highlights the code: the first run of 4 to 10 digits.
function bubble(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "bubble";
  paragraph.dir = "auto";
  const found = /(?<!\d)\d{4,10}(?!\d)/.exec(text);
  if (!found) {
    paragraph.textContent = text;
    return paragraph;
  }
  const code = document.createElement("b");
  code.textContent = found[0];
  const end = found.index + found[0].length;
  paragraph.append(text.slice(0, found.index), code, text.slice(end));
  return paragraph;
}

function item({ to, text, at }) {
  const entry = document.createElement("li");
  const caption = document.createElement("small");
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  caption.textContent = `${time} · to ${to}`;
  caption.dir = "ltr";
  entry.append(caption, bubble(text));
  return entry;
}

let shown = "[]";
let isFirst = true;

async function poll() {
  try {
    const response = await fetch("/outbox.json", { cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    const text = await response.text();
    byId("offline").hidden = true;
    if (text !== shown) {
      shown = text;
      const list = byId("messages");
      const entries = JSON.parse(text).map(item);
      if (!isFirst) entries.at(-1)?.classList.add("new");
      list.replaceChildren(...entries);
      list.scrollTop = list.scrollHeight;
      byId("empty").hidden = entries.length > 0;
    }
    isFirst = false;
  } catch {
    byId("offline").hidden = false;
  }
}

function curl(path, fields) {
  return `curl '${location.origin}${BASE}${path}?${fields}'`;
}

function showCurl() {
  byId("curl-send").textContent = curl("msg", parameters({ lang: send.lang.value }));
  byId("curl-verify").textContent = curl("verify", parameters({ otp: verify.otp.value.trim() || "CODE" }));
}

function tick() {
  byId("clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (!document.hidden) poll();
}

for (const form of [send, verify]) form.addEventListener("input", showCurl);
document.addEventListener("visibilitychange", tick);
setInterval(tick, POLL_MS);
showCurl();
tick();
