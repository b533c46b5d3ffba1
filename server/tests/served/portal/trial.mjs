// The way of a newcomer through the portal of a demo.
import assert from "node:assert/strict";

/** A newcomer, who has only the page and what the demo printed: from the sign-in to a
 * number that is verified, by what a page shows. Returns the clicks, the fields and the
 * seconds; a paced one takes the times of a person for each (Card, Moran, Newell 1980). */
export async function trial(page, { portal, password, code, isPaced }) {
  const begun = Date.now();
  let [clicks, fields] = [0, 0];
  const [think, point, key] = isPaced ? [1350, 1100, 280] : [0, 0, 0];
  const rest = (ms) => page.waitForTimeout(ms);
  const click = async (what) => { clicks += 1; await rest(think + point); await page.click(what); };
  const fill = async (what, text, keys = text.length) => {
    fields += 1;
    await rest(think + point + key * keys);
    await page.fill(what, text);
  };
  // Each request is pasted into a terminal.
  const told = async (address) => {
    await rest(think + 3 * key);
    return (await (await fetch(address)).json()).status;
  };
  await fill("[name=name]", "demo");
  await fill("[name=password]", password, 2);
  await fill("[name=code]", code);
  await click("main button");
  await page.waitForURL(`${portal}/`);
  await click("main .empty a.button.main");
  await fill("[name=name]", "first");
  await click("main form.panel button.main");
  const requests = [0, 1].map((at) => page.textContent(`#request-${at}`));
  const [send, verify] = (await Promise.all(requests)).map((it) => /'(http[^']*)'/.exec(it)[1]);
  await click("button[data-copy=request-0]");
  assert.equal(await told(send), "0", send);
  const [phone] = await Promise.all([page.waitForEvent("popup"), click("main section a")]);
  const received = await phone.locator("#messages li").last().locator("b").textContent();
  await phone.close();
  await click("button[data-copy=request-1]");
  fields += 1;
  await rest(think + 6 * key);
  assert.equal(await told(verify.replace("CODE", received)), "0", verify);
  assert.ok(clicks <= 6 && fields <= 5, "the way to a verified number is longer");
  return `a newcomer: ${clicks} clicks, ${fields} fields, ${(Date.now() - begun) / 1000} s`;
}
