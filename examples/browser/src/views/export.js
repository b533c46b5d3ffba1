// All accounts as key URIs.
import { copy, dialog, h, icon } from '../dom.js';

function save(uris) {
  const url = URL.createObjectURL(new Blob([`${uris}\n`], { type: 'text/plain' }));
  h('a', { href: url, download: 'accounts.txt' }).click();
  URL.revokeObjectURL(url);
}

export function exportDialog({ text, accounts }) {
  const list = accounts.map((account) => account.uri()).filter(Boolean);
  const left = accounts.length - list.length;
  const uris = list.join('\n');
  dialog(text, text.exportTitle,
    h('p', {}, text.exportHint),
    left > 0 && h('p', { class: 'hint' }, text.exportLeft(left)),
    list.length > 0 && h('textarea', { readonly: true, rows: 6, dir: 'ltr', 'aria-label': text.exportTitle }, uris),
    list.length > 0 && h('div', { class: 'actions' },
      h('button', { class: 'soft', type: 'button', onclick: () => save(uris) }, text.download),
      h('button', { class: 'main', type: 'button', onclick: () => copy(uris, text) }, icon('copy'), text.copyAll)));
}
