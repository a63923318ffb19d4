// The form with nothing but a keyboard: Tab, arrows, Space and Enter. Wherever the focus goes, it can be seen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, walk } from './browser.mjs';
import { focus, tabTo } from './keys.mjs';
import { openOffice, R7 } from './office.mjs';
import { SCREENS } from './visitor.mjs';

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
