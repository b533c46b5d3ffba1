// A card of the list: the account, its code, and what can be done with it.
import { asks } from '../account.js';
import { copy, field, grouped, h, icon, ring } from '../dom.js';
import { explain } from '../explain.js';

export const nameOf = (account, text) =>
  [account.issuer, account.name].filter(Boolean).join(', ') || text.unnamed;

/** A code: a button that copies it, once there is one. */
function codeButton(text) {
  const digits = h('span', { class: 'digits', dir: 'ltr' });
  const element = h('button', { class: 'code', type: 'button', hidden: true },
    digits, h('span', { class: 'spoken' }, ` ${text.copyCode}`), icon('copy'));
  let code;
  element.addEventListener('click', () => copy(code, text));
  return {
    element,
    set(value) {
      code = value;
      digits.replaceChildren(...grouped(value));
      element.hidden = false;
    },
  };
}

function totp({ account, text }) {
  const code = codeButton(text);
  const time = ring();
  const period = Number(account.period);
  let shown;
  return {
    body: h('div', { class: 'row' }, code.element, time.element),
    tick() {
      const now = account.current();
      if (now.step !== shown) code.set(now.code);
      shown = now.step;
      time.set(now.left, period, text.left(now.left));
    },
  };
}

function hotp({ account, text, vault, failed, note }) {
  const code = codeButton(text);
  const dots = h('span', { class: 'digits waiting', 'aria-hidden': 'true', dir: 'ltr' },
    ...grouped('•'.repeat(account.digits)));
  const none = h('div', { class: 'code' }, dots, h('span', { class: 'spoken' }, text.noCode));
  const said = h('span', { class: 'spoken', role: 'status' });
  note.textContent = text.counter(account.counter);
  const next = async () => {
    const counter = await vault.takeCounter(account.id).catch(() => undefined);
    if (counter == null) return failed(counter === null ? text.spent : text.notKept);
    failed('');
    account.counter = counter + 1n;
    const value = account.at(counter);
    none.hidden = true;
    code.set(value);
    said.textContent = value;
    note.textContent = text.counter(counter);
  };
  return {
    body: h('div', { class: 'row' }, none, code.element, said,
      h('button', { class: 'soft round', type: 'button', 'aria-label': text.next, title: text.next, onclick: next },
        icon('next'))),
  };
}

/** The digits of a question in ASCII, from whichever keyboard they are. */
const ascii = (question) => question.replace(/\p{Nd}/gu, (digit) => {
  // Unicode has the digits of a script in a row, from zero to nine.
  const point = digit.codePointAt(0);
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (point - first) % 10;
});

function ocra({ account, text, vault, failed }) {
  const wanted = asks(account.suite);
  const input = (name, rest) => h('input', { name, autocomplete: 'off', required: true, dir: 'ltr', ...rest });
  const fields = [field(text.question, input('question', { inputmode: wanted.numeric ? 'numeric' : null }))];
  if (wanted.pin) fields.push(field(text.pin, input('pin', { type: 'password' })));
  if (wanted.session) fields.push(field(text.session, input('session')));
  const code = codeButton(text);
  const said = h('span', { class: 'spoken', role: 'status' });
  const respond = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    if (wanted.numeric) given.question = ascii(given.question.trim());
    try {
      // A question that does not fit costs no counter.
      account.respond(given, account.counter ?? 0n);
      const counter = wanted.counter ? await vault.takeCounter(account.id) : null;
      if (wanted.counter && counter === null) return failed(text.spent);
      const value = account.respond(given, counter);
      if (wanted.counter) account.counter = counter + 1n;
      code.set(value);
      said.textContent = value;
      failed('');
    } catch (error) {
      failed(explain(error, text));
    }
  };
  return {
    body: h('form', { class: 'ask', onsubmit: respond },
      ...fields, h('button', { class: 'soft', type: 'submit' }, text.respond), code.element, said),
  };
}

const KINDS = { hotp, ocra, totp };

/** The card of an account, and what moves it each second. */
export function card({ account, text, details, vault }) {
  const name = nameOf(account, text);
  const problem = h('p', { class: 'problem', role: 'alert' });
  const failed = (message) => { problem.textContent = message; };
  const note = h('span', { class: 'note' });
  const { body, tick } = KINDS[account.kind]({ account, text, vault, failed, note });
  const first = [...(account.issuer || account.name || '?')][0].toLocaleUpperCase(text.tag);
  const element = h('article', { class: `card ${account.kind}` },
    h('header', {},
      h('span', { class: 'letter', 'aria-hidden': 'true' }, first),
      h('h2', {},
        h('span', { class: 'issuer' }, h('bdi', {}, account.issuer || account.name || text.unnamed)),
        h('span', { class: 'name' }, account.issuer && h('bdi', {}, account.name), note)),
      h('button', { class: 'quiet round', type: 'button', 'aria-label': text.more(name), onclick: () => details(account) },
        icon('more'))),
    body, problem);
  return { account, element, tick };
}
