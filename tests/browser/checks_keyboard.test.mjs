// The daily check with nothing but a keyboard: one key for a company, the next row has the focus, and the day is signed.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { DESKTOP, launch, picture, walk } from './browser.mjs';
import { complete } from './desk.mjs';
import { focused } from './keys.mjs';
import { folder, openOffice, R6 } from './office.mjs';
import { stage, WAY_R6 } from './portal.mjs';
import { NAMES, signIn } from './staff.mjs';
import { body, press } from './visitor.mjs';

const COMPANIES = ['one', 'two', 'three'];

let browser;
let office;
let data;
let numbers;
before(async () => {
  browser = await launch();
  data = await folder();
  const steps = COMPANIES.flatMap((name, number) => [
    { case: name, program: R6.id, answers: body(number, ['edr']) },
    ...WAY_R6.map(([actor, event]) => ({ case: name, actor, event: event.courses ? { ...event, courses: ['edr'] } : event })),
    { case: name, watched: 'quiet' },
  ]);
  const staged = await stage({ clock: R6.clock, steps }, data);
  numbers = COMPANIES.map((name) => staged.cases[name].split('/')[2]);
  office = await openOffice({ clock: R6.clock, data });
});
after(async () => {
  await browser.close();
  await office.close();
  await rm(data, { recursive: true, force: true });
});

test('a day is checked by keys', async () => {
  await walk(browser, { name: 'checks-technician', viewport: DESKTOP }, async (page) => {
    await signIn(page, office, 'technician');
    await walk(browser, { name: 'checks-secretariat', viewport: DESKTOP }, async (other) => {
      await signIn(other, office, 'secretariat');
      for (const number of numbers) await assign(other, number);
    });
    await page.goto(`${office.url}/office/checks`);
    const names = await page.locator('[data-row] [data-open]').allInnerTexts();
    assert.equal(names.length, COMPANIES.length);
    await picture(page, 'checks-sheet');
    await page.keyboard.press('1');
    assert.equal(await page.locator('.chip-success').count(), 0, 'no row has the focus, so no company is meant');
    await page.keyboard.press('j');
    await page.keyboard.press('1');
    await page.locator('.chip-success').first().waitFor();
    await focused(page, (at) => at.text === names[1] && at.shown, 'the next row has the focus');
    await page.keyboard.press('2');
    await page.locator('.chip-warning').first().waitFor();
    await focused(page, (at) => at.text === names[2] && at.shown, 'and the next');
    await page.keyboard.press('3');
    await page.waitForURL(`**/office/checks/*/${numbers[2]}**`);
    await page.keyboard.press('1');
    await page.getByText('この日の状態を記録しました').waitFor();
    await picture(page, 'checks-company');
    await page.goto(`${office.url}/office/checks`);
    await press(page, 'この日の確認に署名する');
    await page.getByText('3社の確認に署名しました').waitFor();
  });
});

/** The secretariat gives a case to the technician. */
async function assign(page, number) {
  await page.goto(`${office.url}/office/cases/${number}/assign`);
  const label = `${NAMES.technician}(技術担当)`;
  const choice = page.locator('main form [name=to]').first();
  if ((await choice.evaluate((control) => control.type)) === 'radio') await page.getByLabel(label, { exact: true }).check();
  else await choice.selectOption({ label });
  await complete(page, number, {});
}
