// The form with nothing but a keyboard: Tab, arrows, Space and Enter. Wherever the focus goes, it can be seen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, walk } from './browser.mjs';
import { openOffice, R7 } from './office.mjs';
import { SCREENS } from './visitor.mjs';

/** The most stops a person would put up with on one page. */
const MOST_STOPS = 60;

let browser;
let office;
before(async () => {
  browser = await launch();
  office = await openOffice(R7);
});
after(async () => {
  await browser.close();
  await office.close();
});

test('an application is filled in and sent by keyboard', async () => {
  await walk(browser, { name: 'keyboard' }, async (page) => {
    await page.goto(`${office.url}/programs/${R7.id}/apply`);
    await page.keyboard.press('Tab');
    assert.equal((await focus(page)).text, '本文へ進む', 'the first stop leads past the header');
    await tabTo(page, (at) => at.text === '入力を始める');
    await page.keyboard.press('Enter');
    for (const [screen, values] of Object.entries(SCREENS[R7.id])) {
      await page.waitForURL(`**/${screen}`);
      for (const [name, value] of Object.entries(values)) await answer(page, name, value);
      await tabTo(page, (at) => at.text === '次へ');
      await page.keyboard.press('Space');
    }
    await page.waitForURL('**/confirm');
    await tabTo(page, (at) => at.text === '送信する');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/applications/**');
    await page.locator('.receipt-number').waitFor();
  });
});

/** Types or chooses in the next control of this name. */
async function answer(page, name, value) {
  const kind = await page.locator(`main form [name="${name}"]`).first().evaluate((control) => control.type);
  if (kind === 'radio') {
    await tabTo(page, (at) => at.name === name);
    await page.keyboard.press('Space');
    for (let turn = 0; (await focus(page)).value !== value; turn += 1) {
      assert.ok(turn < 20, `arrows reach ${name}=${value}`);
      await page.keyboard.press('ArrowDown');
    }
  } else if (kind === 'checkbox') {
    for (const one of value) {
      await tabTo(page, (at) => at.name === name && at.value === one);
      await page.keyboard.press('Space');
    }
  } else if (kind === 'select-one') {
    await tabTo(page, (at) => at.name === name);
    for (let turn = 0; (await focus(page)).value !== value; turn += 1) {
      assert.ok(turn < 50, `arrows reach ${name}=${value}`);
      await page.keyboard.press('ArrowDown');
    }
  } else {
    await tabTo(page, (at) => at.name === name);
    await page.keyboard.insertText(value);
  }
}

/** Presses Tab until the focus is where it should be; every stop on the way must be visible. */
async function tabTo(page, wanted) {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await focus(page);
    if (at.tag === 'BODY') continue;
    assert.ok(at.outline >= 2, `the focus on 「${at.text || at.name}」 has an outline: ${JSON.stringify(at)}`);
    assert.ok(at.shown, `the focus on 「${at.text || at.name}」 is on the screen: ${JSON.stringify(at)}`);
    if (wanted(at)) return;
  }
  assert.fail(`Tab does not reach it on ${page.url()}`);
}

/** What has the focus and how it shows. */
function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const inside = box.width > 0 && box.height > 0 && box.top >= -1 && box.top < innerHeight && box.left >= -1 && box.right <= innerWidth + 1;
    const over = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
    return {
      tag: element.tagName,
      name: element.name,
      value: element.value,
      text: element.textContent.trim().slice(0, 60),
      outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      shown: inside && (over === element || element.contains(over) || Boolean(over?.contains(element))),
      box: [box.left, box.top, box.right, box.bottom].map(Math.round).join(' '),
    };
  });
}
