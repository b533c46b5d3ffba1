// Adding accounts: by the camera, an image, pasted text, or by hand.
import { ofFields, ofUri } from '../account.js';
import { dialog, field, h, icon, say } from '../dom.js';
import { explain } from '../explain.js';
import { isMigration, readMigration } from '../migration.js';
import { readCamera, readFile } from '../qr.js';
import * as vault from '../vault.js';

/** The accounts in a text: key URIs or an export on each line. */
function read(text) {
  const found = { accounts: [], refused: [], part: 1, parts: 1 };
  const lines = text.split('\n').filter((line) => line.trim());
  for (const line of lines.length > 0 ? lines : ['']) {
    if (!isMigration(line)) {
      found.accounts.push(ofUri(line.trim()));
      continue;
    }
    const { uris, refused, part, parts } = readMigration(line);
    found.accounts.push(...uris.map(ofUri));
    found.refused.push(...refused);
    Object.assign(found, { part, parts });
  }
  return found;
}

/** A choice of panels, of which one is shown. */
function panels(text, parts) {
  const places = parts.map(({ element }) => element);
  const pick = (chosen) => parts.forEach((part, at) => {
    places[at].hidden = at !== chosen;
    if (at !== chosen) part.leave?.();
  });
  const tabs = parts.map(({ title }, at) => h('label', {},
    h('input', { type: 'radio', name: 'way', checked: at === 0, onchange: () => pick(at) }),
    h('span', {}, title)));
  pick(0);
  return [
    h('fieldset', { class: 'tabs' }, h('legend', { class: 'spoken' }, text.how), ...tabs), ...places,
  ];
}

function scanPanel({ text, take, failed }) {
  let camera;
  const video = h('video', { muted: true, playsinline: true, 'aria-hidden': 'true' });
  const hint = h('p', {}, text.cameraOn);
  const frame = h('div', { class: 'finder', hidden: true }, video, hint);
  const start = h('button', { class: 'main', type: 'button' }, icon('camera'), h('span', {}, text.camera));
  const label = start.querySelector('span');
  const leave = () => camera?.abort();
  start.addEventListener('click', async () => {
    if (camera) return leave();
    failed('');
    camera = new AbortController();
    frame.hidden = false;
    label.textContent = text.stop;
    try {
      const seen = await readCamera(video, camera.signal);
      if (seen) await take(seen);
    } catch {
      failed(text.noCamera);
    }
    camera = undefined;
    frame.hidden = true;
    label.textContent = text.camera;
  });
  const file = h('input', { type: 'file', accept: 'image/*', class: 'spoken' });
  file.addEventListener('change', async () => {
    const seen = file.files[0] && await readFile(file.files[0]);
    if (seen) await take(seen);
    else if (file.files[0]) failed(text.noQr);
    file.value = '';
  });
  const element = h('div', { class: 'panel' }, frame, start,
    h('label', { class: 'button soft' }, file, icon('image'), text.image),
    h('p', { class: 'hint' }, text.imageHint));
  return { title: text.scan, element, leave };
}

function pastePanel({ text, take, failed }) {
  const area = h('textarea', {
    rows: 5, required: true, dir: 'ltr', spellcheck: 'false', autocomplete: 'off',
    autocapitalize: 'off', placeholder: 'otpauth://totp/…',
  });
  // An image in the clipboard is read, too.
  area.addEventListener('paste', async (event) => {
    const [file] = event.clipboardData.files;
    if (!file) return;
    event.preventDefault();
    const seen = await readFile(file);
    if (seen) await take(seen);
    else failed(text.noQr);
  });
  const element = h('form', {
    class: 'panel',
    onsubmit(event) {
      event.preventDefault();
      return take(area.value);
    },
  }, field(text.uri, area, text.uriHint), h('button', { class: 'main', type: 'submit' }, text.save));
  return { title: text.paste, element };
}

function handPanel({ text, save }) {
  const input = (name, rest) => h('input', { name, autocomplete: 'off', ...rest });
  const select = (name, options) => h('select', { name },
    ...options.map(([value, label]) => h('option', { value }, label)));
  const kind = select('kind', ['totp', 'hotp', 'ocra'].map((name) => [name, text[name]]));
  const suite = field(text.suite, input('suite', { dir: 'ltr', placeholder: 'OCRA-1:HOTP-SHA1-6:QN08' }));
  const codes = h('div', { class: 'pair' },
    field(text.algorithm, select('algorithm', ['SHA1', 'SHA256', 'SHA512'].map((name) => [name, name]))),
    field(text.digits, select('digits', [6, 7, 8].map((count) => [count, count]))));
  const pick = () => {
    suite.hidden = kind.value !== 'ocra';
    codes.hidden = kind.value === 'ocra';
    suite.querySelector('input').required = kind.value === 'ocra';
  };
  kind.addEventListener('change', pick);
  pick();
  const element = h('form', {
    class: 'panel',
    onsubmit(event) {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(event.target));
      return save(() => ({ accounts: [ofFields({ ...given, digits: Number(given.digits) })] }));
    },
  },
  field(text.kind, kind),
  h('div', { class: 'pair' },
    field(text.issuer, input('issuer')), field(text.account, input('account', { required: true }))),
  field(text.secret, input('secret', { required: true, dir: 'ltr', spellcheck: 'false', autocapitalize: 'characters' })),
  suite, codes,
  h('button', { class: 'main', type: 'submit' }, text.save));
  return { title: text.type, element };
}

export function addDialog({ text, changed }) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const failed = (message) => { problem.textContent = message; };
  let element;
  /** Keeps the accounts that a function reads: all of them or, if one is faulty, none. */
  const save = async (reading) => {
    failed('');
    let found;
    try {
      found = reading();
    } catch (error) {
      return failed(explain(error, text));
    }
    const { accounts, refused = [], part = 1, parts = 1 } = found;
    if (accounts.length > 0) {
      try {
        await vault.add(accounts);
      } catch (error) {
        return failed(explain(error, text));
      }
      await changed();
      say(text.added(accounts.length));
    }
    const left = [
      refused.length > 0 && text.refused(refused), parts > 1 && text.part(part, parts),
    ].filter(Boolean);
    if (left.length === 0) element.close();
    return failed(left.join(' '));
  };
  const take = (value) => save(() => read(value));
  const ways = [
    scanPanel({ text, take, failed }), pastePanel({ text, take, failed }), handPanel({ text, save }),
  ];
  element = dialog(text, text.add, ...panels(text, ways), problem);
  element.addEventListener('close', () => ways.forEach(({ leave }) => leave?.()));
}
