// What is known about an account, and what is done rarely: compare, export, delete.
import { copy, dialog, field, h, icon, say } from '../dom.js';
import { draw } from '../qr.js';
import * as vault from '../vault.js';
import { nameOf } from './card.js';

function facts({ account, text }) {
  const rows = [[text.kind, text[account.kind]]];
  if (account.suite) rows.push([text.suite, account.suite]);
  if (account.algorithm) rows.push([text.algorithm, account.algorithm], [text.digits, account.digits]);
  if (account.period) rows.push([text.period, text.seconds(account.period)]);
  if (account.counter !== null) rows.push([text.counter('').trim(), account.counter]);
  return h('dl', {}, ...rows.map(([name, value]) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, h('bdi', {}, `${value}`)))));
}

function compare({ account, text, changed }) {
  const answer = h('p', { class: 'answer', role: 'status' });
  const input = h('input', { inputmode: 'numeric', autocomplete: 'off', required: true, dir: 'ltr' });
  const submit = async (event) => {
    event.preventDefault();
    const { same, next } = account.compare(input.value);
    if (same && next !== undefined) {
      await vault.advance(account.id, next);
      account.counter = next;
      await changed();
    }
    answer.classList.toggle('good', same);
    answer.textContent = !same ? text.different
      : next === undefined ? text.same : text.sameMoved(next);
  };
  return h('form', { onsubmit: submit },
    h('h3', {}, text.compare),
    h('div', { class: 'line' },
      field(text.compareCode, input, text.compareHint),
      h('button', { class: 'soft', type: 'submit' }, text.check)),
    answer);
}

/** The key URI, which is shown when asked for. */
function key({ account, text }) {
  const place = h('div', { class: 'key', hidden: true });
  const show = () => {
    const uri = account.uri();
    place.hidden = !place.hidden;
    button.setAttribute('aria-expanded', `${!place.hidden}`);
    if (place.hidden) return place.replaceChildren();
    if (uri === null) {
      return place.replaceChildren(h('p', {}, text.noUri),
        h('code', { dir: 'ltr' }, account.secret), h('code', { dir: 'ltr' }, account.suite));
    }
    return place.replaceChildren(draw(uri, text.qr),
      h('button', { class: 'soft', type: 'button', onclick: () => copy(uri, text) },
        icon('copy'), text.copyUri));
  };
  const button = h('button', { class: 'soft', type: 'button', 'aria-expanded': 'false', onclick: show }, text.show);
  return h('section', {}, button, h('p', { class: 'hint' }, text.showHint), place);
}

function confirmDelete({ account, text, changed }, done) {
  const element = dialog(text, text.deleteTitle(nameOf(account, text)),
    h('p', {}, text.deleteHint),
    h('div', { class: 'actions' },
      h('button', { class: 'soft', type: 'button', onclick: () => element.close() }, text.cancel),
      h('button', {
        class: 'danger', type: 'button',
        async onclick() {
          await vault.remove(account.id);
          element.close();
          done();
          await changed();
          say(text.deleted);
        },
      }, text.deleteYes)));
  element.setAttribute('role', 'alertdialog');
}

export function detailsDialog({ account: shown, text, changed }) {
  // The list may be drawn again while the dialog is open.
  const account = shown.copy();
  const given = { account, text, changed };
  const element = dialog(text, nameOf(account, text),
    facts(given),
    account.cautions.length > 0 && h('p', { class: 'notice' }, text.caution, ' ',
      h('bdi', {}, account.cautions.join(', '))),
    account.kind !== 'ocra' && compare(given),
    key(given),
    h('section', {}, h('button', {
      class: 'danger', type: 'button', onclick: () => confirmDelete(given, () => element.close()),
    }, text.delete)));
  element.addEventListener('close', () => account.free());
}
