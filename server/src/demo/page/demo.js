"use strict";

const BASE = "/mpass-web/rest/mv/";
const POLL_MS = 1000;
const byId = (id) => document.getElementById(id);
const { texts, ...credentials } = byId("data").dataset;
const TEXTS = JSON.parse(texts);
const send = byId("send");
const verify = byId("verify");

/** A text of the page's language, with the value of its {n}. */
function t(name, n = "") {
  const text = TEXTS[`demo.${name}`];
  if (text === undefined) throw new Error(`no text: ${name}`);
  return text.replace("{n}", n);
}

/** What a status means: its colour, its title and, if there is more to say, its text. */
const meaning = (kind, name) => [kind, t(`reply.${name}`), t(`reply.${name}.what`)];

const REFUSED = {
  1: meaning("bad", "invalid"),
  2: meaning("bad", "denied"),
  100: meaning("bad", "internal"),
};
const VERDICTS = {
  send: { ...REFUSED, 0: meaning("good", "sent") },
  verify: {
    ...REFUSED,
    0: meaning("good", "accepted"),
    3: meaning("bad", "rejected"),
    4: meaning("wait", "expired"),
  },
};

function parameters(more) {
  const fields = new URLSearchParams({ apikey: credentials.key, dest: send.dest.value.trim(), ...more });
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
      const seconds = response.headers.get("Retry-After") ?? "1";
      say(output, "wait", t("reply.wait"), t("reply.wait.what", seconds), shown);
      return null;
    }
    const { status } = JSON.parse(raw);
    say(output, ...(VERDICTS[operation][status] ?? ["bad", t("reply.other", status), ""]), shown);
    return status;
  } catch {
    say(output, "bad", t("reply.none"), t("offline"), "");
    return null;
  } finally {
    button.disabled = false;
  }
}

send.addEventListener("submit", async (event) => {
  event.preventDefault();
  verify.querySelector("output").hidden = true;
  const fields = parameters({ lang: send.lang.value });
  if ((await ask(send, "send", "msg", fields, send.querySelector("output"))) === "0") {
    verify.otp.value = "";
    verify.otp.focus({ preventScroll: true });
    poll();
  }
});

verify.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = parameters({ otp: verify.otp.value.trim() });
  ask(verify, "verify", "verify", fields, verify.querySelector("output"));
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
  const time = new Date(at).toLocaleTimeString(document.documentElement.dataset.locale, {
    hour: "2-digit",
    minute: "2-digit",
  });
  const number = document.createElement("bdi");
  number.dir = "ltr";
  number.textContent = to;
  caption.append(`${time} · `, number);
  entry.append(caption, bubble(text));
  return entry;
}

let shown = "";
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

function tick() {
  if (!document.hidden) poll();
}

document.addEventListener("visibilitychange", tick);
setInterval(tick, POLL_MS);
tick();
