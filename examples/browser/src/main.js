// The page: the header, the list of accounts, and what moves them.
import { Account } from './account.js';
import { h, icon } from './dom.js';
import { addDialog } from './views/add.js';
import { card } from './views/card.js';
import { exportDialog } from './views/export.js';
import { detailsDialog } from './views/details.js';
import ar from './text/ar.js';
import en from './text/en.js';
import * as vault from './vault.js';

const TEXTS = { ar, en };
const LANGUAGE = 'language';
const app = document.querySelector('#app');
/** What is shown: a card for each account, by its id. */
let shown = [];
let text;

function choose(tag) {
  text = TEXTS[tag] ?? en;
  document.documentElement.lang = text.tag;
  document.documentElement.dir = text.direction;
  document.title = text.title;
}

function switchLanguage() {
  choose(text.otherTag);
  localStorage.setItem(LANGUAGE, text.tag);
  show().then(() => app.querySelector('[data-language]').focus());
}

function header(accounts) {
  const dialogs = { text, accounts, changed: show };
  return h('header', { class: 'bar' },
    h('h1', {}, icon('mark'), text.title),
    h('nav', {},
      h('button', { class: 'quiet', 'data-language': true, lang: text.otherTag, type: 'button', onclick: switchLanguage },
        h('span', { class: 'wide' }, text.other),
        h('span', { class: 'narrow', 'aria-hidden': 'true' }, text.otherShort)),
      accounts.length > 0 && h('button', { class: 'quiet', type: 'button', onclick: () => exportDialog(dialogs) },
        icon('export'), h('span', { class: 'wide' }, text.exportAll)),
      accounts.length > 0 && h('button', { class: 'main', type: 'button', onclick: () => addDialog(dialogs) },
        icon('plus'), h('span', { class: 'wide' }, text.add))));
}

function emptyPage() {
  return h('section', { class: 'empty' },
    h('div', { class: 'seal' }, icon('lock')),
    h('h2', {}, text.empty),
    h('p', {}, text.emptyHint),
    h('button', { class: 'main', type: 'button', onclick: () => addDialog({ text, accounts: [], changed: show }) },
      icon('plus'), text.add));
}

/** Reads the vault and draws everything. */
async function show() {
  const { accounts: records, lost } = await vault.list();
  for (const { account } of shown) account.free();
  const accounts = records.map((record) => new Account(record));
  const details = (account) => detailsDialog({ account, text, changed: show });
  shown = accounts.map((account) => card({ account, text, details, vault }));
  app.replaceChildren(
    header(accounts),
    h('main', {},
      lost > 0 && h('p', { class: 'notice' }, text.lost(lost)),
      accounts.length === 0 ? emptyPage()
        : h('ul', { class: 'cards' }, ...shown.map(({ element }) => h('li', {}, element)))),
    h('footer', {}, icon('lock'), h('p', {}, text.kept)));
  tick();
}

function tick() {
  for (const { tick: move } of shown) move?.();
}

choose(localStorage.getItem(LANGUAGE) ?? (navigator.language.startsWith('ar') ? 'ar' : 'en'));
try {
  await show();
  vault.onChange(({ data: { id, counter } }) => {
    const moved = shown.find(({ account }) => account.id === id);
    if (!moved) return show();
    // What this tab shows stays.
    moved.account.counter = counter;
    return undefined;
  });
} catch (error) {
  app.replaceChildren(h('main', {}, h('p', { class: 'notice' }, text.failed)));
  console.error(error);
}
setInterval(tick, 500);
navigator.serviceWorker?.register('sw.js').catch((error) => console.warn(error));
