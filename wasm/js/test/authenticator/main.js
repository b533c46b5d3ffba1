// Tests examples/browser in Chromium: accounts added in every way, their codes beside
// the vectors of the RFCs, the network gone, both languages, both widths.
//
// node authenticator/main.js DIRECTORY [SHOTS]
//
// DIRECTORY has the built page. With SHOTS, screenshots are written there.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { equal, eventually, ok } from '../cases/assert.js';
import { show } from '../show.js';
import { audit, migration, picture, serve, withBrowser } from './world.js';

const [directory, shots] = process.argv.slice(2);
if (shots) mkdirSync(shots, { recursive: true });

/** RFC 6238 appendix B: the secrets of each hash, and their codes at two times. */
const base32 = (length) => ({
  20: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  32: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA',
  64: `${'GEZDGNBVGY3TQOJQ'.repeat(6)}GEZDGNA`,
}[length]);
const uri = (account, algorithm, length) =>
  `otpauth://totp/RFC%206238:${account}?secret=${base32(length)}&issuer=RFC%206238&algorithm=${algorithm}&digits=8`;
const CODES = {
  59: { paste: '94287082', image: '46119246', camera: '90693936', moved: '94287082' },
  1111111109: { paste: '07081804', image: '68084774', camera: '25091201', moved: '07081804' },
};
/** RFC 4226 appendix D. */
const HOTP = [
  '755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489',
];
const SECRET = '12345678901234567890';
const ARABIC = (digits) => digits.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));

const results = [];
let opened;

/** Runs a step. After a failure, no dialog stays open. */
async function check(name, work) {
  const result = { name, passed: false };
  results.push(result);
  try {
    await work();
    result.passed = true;
  } catch (error) {
    result.message = `${error.stack}`;
    await opened?.evaluate(() => document.querySelectorAll('dialog').forEach((open) => open.close()));
  }
}

const server = await serve(directory);
const base = `http://127.0.0.1:${server.address().port}/`;

await withBrowser(uri('camera', 'SHA512', 64), async ({ page, context, faults }) => {
  opened = page;
  page.setDefaultTimeout(15_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const at = (seconds) => page.clock.setFixedTime(seconds * 1000);
  const button = (name) => page.getByRole('button', { name, exact: true });
  const dialog = page.getByRole('dialog').last();
  const card = (name) => page.locator('.card', { hasText: name });
  const digits = (name) => card(name).locator('button.code .digits');
  const codeOf = async (name) => (await digits(name).textContent()).replace(/\s/g, '');
  const cards = () => page.locator('.card').count();
  const shot = async (name) => shots
    && page.screenshot({ path: join(shots, `${name}.png`), fullPage: name.startsWith('list') });
  const open = async (way) => {
    await button('Add account').click();
    await page.locator('.tabs label', { hasText: way }).click();
  };
  const clean = async (name) => {
    await shot(name);
    const found = await audit(page);
    equal(found.length, 0, `${name}\n${found.join('\n')}`);
    const over = await page.evaluate(() =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth);
    equal(over, 0, `${name}: wider than the screen`);
  };
  const paste = async (text) => {
    await open('Paste');
    await page.getByLabel('Key URI').fill(text);
    await button('Add').click();
  };

  await at(59);
  await page.goto(base);

  await check('an empty page', async () => {
    await page.getByText('No accounts yet').waitFor();
    await clean('empty-en-360');
  });

  await check('added by pasting', async () => {
    await paste(uri('paste', 'SHA1', 20));
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => codeOf('paste'), CODES[59].paste);
    await page.getByText('1 seconds left').waitFor({ state: 'attached' });
  });

  await check('added by a picture of a QR code', async () => {
    await button('Add account').click();
    await page.locator('input[type=file]').setInputFiles(picture(uri('image', 'SHA256', 32)));
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => codeOf('image'), CODES[59].image);
  });

  await check('added by the camera', async () => {
    await button('Add account').click();
    await button('Use the camera').click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => codeOf('camera'), CODES[59].camera);
  });

  await check('an export of Google Authenticator as a QR code', async () => {
    const exported = migration([
      [SECRET, 'RFC 6238:moved', 'RFC 6238', 1, 2, 2, 0],
      [SECRET, 'counted', 'RFC 4226', 1, 1, 1, 0],
      [SECRET, 'old MD5', 'ACME', 4, 1, 2, 0],
    ], 0, 2);
    const before = await cards();
    await button('Add account').click();
    await page.locator('input[type=file]').setInputFiles(picture(exported));
    const problem = dialog.locator('.problem');
    await problem.getByText('old MD5').waitFor();
    ok((await problem.textContent()).includes('part 1 of 2'));
    await page.keyboard.press('Escape');
    await eventually(cards, before + 2);
    await eventually(() => codeOf('moved'), CODES[59].moved);
  });

  await check('what is no account adds none', async () => {
    const before = await cards();
    await paste('hello');
    await dialog.getByText('A key URI begins with otpauth://.').waitFor();
    await page.getByLabel('Key URI').fill(`${uri('one', 'SHA1', 20)}\notpauth://totp/x?secret=GEZ1`);
    await button('Add').click();
    await dialog.getByText('character 4 of the secret is 1', { exact: false }).waitFor();
    await page.getByLabel('Key URI').fill('otpauth-migration://offline?data=AAAA');
    await button('Add').click();
    await dialog.getByText('not an export', { exact: false }).waitFor();
    await clean('problem-en-360');
    await page.keyboard.press('Escape');
    await eventually(cards, before);
  });

  await check('a counter is kept before its code is shown', async () => {
    const next = card('counted').getByRole('button', { name: 'Next code' });
    for (const code of HOTP.slice(0, 2)) {
      await next.click();
      await page.waitForFunction((text) => [...document.querySelectorAll('button.code .digits')]
        .some((element) => element.textContent === text), code);
    }
    await page.reload();
    await page.evaluate(() => {
      globalThis.put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
    });
    await next.click();
    await card('counted').getByText('could not store', { exact: false }).waitFor();
    equal(await digits('counted').textContent(), '');
    await page.evaluate(() => { IDBObjectStore.prototype.put = globalThis.put; });
    await next.click();
    await digits('counted').getByText(HOTP[2].slice(0, 3)).waitFor();
    await eventually(() => codeOf('counted'), HOTP[2]);
  });

  await check('two tabs never take the same counter', async () => {
    await paste(`otpauth://hotp/raced?secret=${base32(20)}&counter=0`);
    await dialog.waitFor({ state: 'detached' });
    const tabs = [page, await context.newPage()];
    await tabs[1].goto(base);
    const raced = (tab) => tab.locator('.card', { hasText: 'raced' });
    // Three presses at once in each tab.
    await Promise.all(tabs.map((tab) => raced(tab).getByRole('button', { name: 'Next code' })
      .evaluate((next) => { for (let press = 0; press < 3; press += 1) next.click(); })));
    await Promise.any(tabs.map((tab) => raced(tab).getByText('Counter 5').waitFor()));
    await tabs[1].close();
    await raced(page).getByRole('button', { name: 'Next code' }).click();
    await raced(page).getByText('Counter 6').waitFor();
    await eventually(() => codeOf('raced'), HOTP[6]);
    await raced(page).getByRole('button', { name: /^Details/ }).click();
    await button('Delete account').click();
    await button('Delete').click();
    await raced(page).waitFor({ state: 'detached' });
  });

  await check('codes follow the time', async () => {
    await at(1111111109);
    await page.waitForFunction(() => document.body.textContent.includes('25091201'));
    for (const [name, code] of Object.entries(CODES[1111111109])) await eventually(() => codeOf(name), code);
    await at(59);
    await page.waitForFunction(() => document.body.textContent.includes('90693936'));
  });

  await check('OCRA by hand, with the digits of an Arabic keyboard', async () => {
    await open('By hand');
    await page.getByLabel('Kind of code').selectOption('ocra');
    await page.getByLabel('Service').fill('RFC 6287');
    await page.getByLabel('Account', { exact: true }).fill('bank');
    await page.getByLabel('Secret, base32').fill(base32(32));
    await page.getByLabel('OCRA suite').fill('OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1');
    await clean('hand-en-360');
    await button('Add').click();
    await dialog.waitFor({ state: 'detached' });
    // RFC 6287 appendix C.
    for (const code of ['65347737', '86775851']) {
      await card('bank').getByLabel('Question').fill(ARABIC('12345678'));
      await card('bank').getByLabel('PIN').fill('1234');
      await card('bank').getByRole('button', { name: 'Respond' }).click();
      await digits('bank').getByText(code.slice(0, 4)).waitFor();
      await eventually(() => codeOf('bank'), code);
    }
    await card('bank').getByLabel('Question').fill('12x');
    await card('bank').getByRole('button', { name: 'Respond' }).click();
    await card('bank').getByText('does not fit', { exact: false }).waitFor();
    await card('bank').getByLabel('Question').fill('12345678');
    await card('bank').getByRole('button', { name: 'Respond' }).click();
    await digits('bank').getByText('7819').waitFor();
  });

  const details = (name) => card(name).getByRole('button', { name: /^Details/ }).click();

  await check('compared with another device, and exported as a QR code', async () => {
    await details('paste');
    await page.getByLabel('Code', { exact: true }).fill(ARABIC('9428 7082'));
    await button('Compare').click();
    await dialog.getByText('The same account', { exact: false }).waitFor();
    await page.getByLabel('Code', { exact: true }).fill('94287083');
    await button('Compare').click();
    await dialog.getByText('Another code', { exact: false }).waitFor();
    await button('Show the QR code').click();
    await clean('details-en-360');
    await page.locator('.qr').scrollIntoViewIfNeeded();
    const png = await page.locator('.qr').screenshot();
    await page.keyboard.press('Escape');
    // What one device shows, another one reads.
    await button('Add account').click();
    await page.locator('input[type=file]').setInputFiles({ name: 'qr.png', mimeType: 'image/png', buffer: png });
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => card('paste').count(), 2);
    await card('paste').last().getByRole('button', { name: /^Details/ }).click();
  });

  await check('deleted only when confirmed', async () => {
    await button('Delete account').click();
    await page.getByRole('alertdialog').waitFor();
    await clean('delete-en-360');
    await button('Cancel').click();
    await eventually(() => card('paste').count(), 2);
    await button('Delete account').click();
    await button('Delete').click();
    await card('paste').nth(1).waitFor({ state: 'detached' });
    await page.locator('body > .toast').getByText('Account deleted').waitFor();
    await eventually(() => card('paste').count(), 1);
  });

  await check('a counter moves ahead to what another device shows', async () => {
    await details('counted');
    await page.getByLabel('Code', { exact: true }).fill(HOTP[7]);
    await button('Compare').click();
    await dialog.getByText('The counter is now 8', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await card('counted').getByRole('button', { name: 'Next code' }).click();
    await digits('counted').getByText(HOTP[8].slice(0, 3)).waitFor();
    await eventually(() => codeOf('counted'), HOTP[8]);
  });

  await check('exported as key URIs', async () => {
    await button('Export').click();
    const lines = (await dialog.locator('textarea').inputValue()).split('\n');
    equal(lines.length, 5);
    ok(lines[0].startsWith('otpauth://totp/') && lines[0].includes(base32(20)));
    ok(lines.some((line) => line.startsWith('otpauth://hotp/') && line.includes('counter=9')));
    await dialog.getByText('1 OCRA account', { exact: false }).waitFor();
    await clean('export-en-360');
    await button('Copy').click();
    await eventually(() => page.evaluate(() => navigator.clipboard.readText()), lines.join('\n'));
    await page.keyboard.press('Escape');
  });

  await check('a copy of the database has no secret in it', async () => {
    const found = await page.evaluate(async () => {
      const opening = indexedDB.open('authenticator');
      await new Promise((done) => { opening.onsuccess = done; });
      const all = (store) => new Promise((done) => {
        const read = opening.result.transaction(store).objectStore(store).getAll();
        read.onsuccess = () => done(read.result);
      });
      const [key] = await all('keys');
      const exported = await crypto.subtle.exportKey('raw', key).catch(({ name }) => name);
      const records = await all('accounts');
      const text = records.map((record) => Object.values(record).map((value) =>
        (ArrayBuffer.isView(value) || value instanceof ArrayBuffer
          ? new TextDecoder('latin1').decode(value) : `${value}`)).join()).join();
      return { exported, leaks: /otpauth|GEZDG|RFC|paste/.test(text), count: records.length };
    });
    equal(JSON.stringify(found), JSON.stringify({ exported: 'InvalidAccessError', leaks: false, count: 6 }));
  });

  await check('by keyboard alone', async () => {
    const add = button('Add account');
    await add.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await eventually(() => page.evaluate(() => document.activeElement.closest('dialog') !== null), true, 'focus is in the dialog');
    for (let press = 0; press < 2; press += 1) await page.keyboard.press('Tab');
    await eventually(() => page.evaluate(() => document.activeElement.matches('.tabs input')), true, 'the tabs are after Close');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await eventually(() => page.evaluate(() => document.activeElement.matches('textarea')), true, 'then the text');
    await clean('paste-en-360');
    await page.keyboard.press('Escape');
    await eventually(() => add.evaluate((element) => element === document.activeElement), true, 'focus returns');
  });

  await check('without a network', async () => {
    await page.evaluate(async () => { await navigator.serviceWorker.ready; });
    server.closeAllConnections();
    await new Promise((done) => { server.close(done); });
    await page.reload();
    await digits('camera').waitFor();
    await eventually(() => codeOf('camera'), CODES[59].camera);
  });

  const widths = [[360, 740], [1280, 800]];
  const ends = async (name, width) => {
    await page.evaluate(() => scrollTo(0, 0));
    await clean(`list-${name}-${width}`);
  };

  await check('in English at both widths', async () => {
    for (const [width, height] of widths) {
      await page.setViewportSize({ width, height });
      await ends('en', width);
      await button('Add account').click();
      await clean(`add-en-${width}`);
      await page.keyboard.press('Escape');
    }
  });

  await check('in Arabic at both widths', async () => {
    await button('العربية').click();
    await page.locator('html[lang=ar][dir=rtl]').waitFor({ state: 'attached' });
    await eventually(() => codeOf('camera'), CODES[59].camera);
    await eventually(() => digits('camera').evaluate((element) => getComputedStyle(element).direction), 'ltr');
    for (const [width, height] of widths) {
      await page.setViewportSize({ width, height });
      await ends('ar', width);
      await page.getByRole('button', { name: 'إضافة حساب' }).click();
      await clean(`add-ar-${width}`);
      await page.locator('.tabs label', { hasText: 'لصق' }).click();
      await page.getByLabel('رابط المفتاح').fill('otpauth://totp/x?secret=GEZ1');
      await button('إضافة').click();
      await dialog.getByText('رقم لا يُستخدم', { exact: false }).waitFor();
      await page.keyboard.press('Escape');
      await card('camera').getByRole('button', { name: /^تفاصيل/ }).click();
      await clean(`details-ar-${width}`);
      await page.keyboard.press('Escape');
    }
    await page.reload();
    await page.locator('html[lang=ar]').waitFor({ state: 'attached' });
  });

  await check('in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const [width, height] of widths) {
      await page.setViewportSize({ width, height });
      await ends('ar-dark', width);
      await card('paste').getByRole('button', { name: /^تفاصيل/ }).click();
      await clean(`details-ar-dark-${width}`);
      await page.keyboard.press('Escape');
    }
    await button('English').click();
    await page.locator('html[lang=en]').waitFor({ state: 'attached' });
    await ends('en-dark', 1280);
  });

  await check('without an error in the page', async () => {
    equal(faults.join('\n'), '');
  });
  await context.setOffline(false);
});
if (server.listening) server.close();
const size = readdirSync(directory)
  .reduce((sum, file) => sum + gzipSync(readFileSync(join(directory, file)), { level: 9 }).length, 0);
show(`examples/browser in Chromium, ${size} bytes with gzip`, results);
