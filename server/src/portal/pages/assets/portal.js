// What pages do better with a script. Without it, they work as well.

const root = document.documentElement;
const announce = (text) => {
  document.getElementById("announce").textContent = text;
};

/** Times in the zone of the reader. */
function localTimes(within) {
  const format = new Intl.DateTimeFormat(root.dataset.locale, { dateStyle: "medium", timeStyle: "short" });
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title = time.dateTime;
    time.textContent = format.format(at);
  }
}

function copyButtons(within) {
  if (!navigator.clipboard) return;
  for (const button of within.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      await navigator.clipboard.writeText(text);
      announce(root.dataset.copied);
      const before = button.textContent;
      button.textContent = root.dataset.copied;
      setTimeout(() => {
        button.textContent = before;
      }, 2000);
    });
  }
}

/** The rows of a table are put in order by dragging; its form has the names. */
function drag(table) {
  const form = document.getElementById(table.dataset.order);
  const rows = () => [...table.querySelectorAll("tr[data-name]")];
  let dragged = null;
  for (const row of rows()) {
    row.draggable = true;
    row.addEventListener("dragstart", () => {
      dragged = row;
      row.classList.add("dragged");
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      const isAfter = event.clientY > box.top + box.height / 2;
      row.parentNode.insertBefore(dragged, isAfter ? row.nextSibling : row);
    });
    row.addEventListener("dragend", () => {
      dragged.classList.remove("dragged");
      dragged = null;
      form.elements.names.value = rows().map((one) => one.dataset.name).join(" ");
      form.hidden = false;
    });
  }
}

/** The picture of the overview follows what happens. */
function follow(live) {
  let isShown = true;
  document.addEventListener("visibilitychange", () => {
    isShown = !document.hidden;
  });
  setInterval(async () => {
    if (!isShown || live.contains(document.activeElement)) return;
    try {
      const answer = await fetch(live.dataset.live, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById(live.id);
      if (!next) return;
      localTimes(next);
      const open = [...live.querySelectorAll("details")].map((one) => one.open);
      [...next.querySelectorAll("details")].forEach((one, at) => {
        one.open = open[at] ?? one.open;
      });
      live.replaceChildren(...next.childNodes);
    } catch {
      // The next one may succeed.
    }
  }, 5000);
}

/** What a button has begun, such as a test message, is under way until the next page: it
 * says so, and is not begun twice. */
function showWork(form) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    announce(root.dataset.working);
    // Unless the page itself answers.
    setTimeout(() => event.defaultPrevented && form.removeAttribute("aria-busy"));
  });
  // Also after the way back.
  window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
}

localTimes(document);
for (const form of document.querySelectorAll("form[method='post']")) showWork(form);
copyButtons(document);
for (const table of document.querySelectorAll("table[data-order]")) drag(table);
for (const live of document.querySelectorAll("[data-live]")) follow(live);
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector("[aria-invalid='true']")?.focus();
