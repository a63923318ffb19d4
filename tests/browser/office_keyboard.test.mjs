// The office with nothing but a keyboard: the list, the search, a case and its forms, the palette, several cases at once, a dialog.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { DESKTOP, launch, walk } from './browser.mjs';
import { focus, focused, tabThrough, tabTo } from './keys.mjs';
import { folder, openOffice, R6 } from './office.mjs';
import { stage } from './portal.mjs';
import { signIn } from './staff.mjs';
import { body } from './visitor.mjs';

const NAMES = ['one', 'two', 'three'];

let browser;
let office;
let data;
before(async () => {
  browser = await launch();
  data = await folder();
  const steps = NAMES.map((name, number) => ({ case: name, program: R6.id, answers: body(number, ['guidance']) }));
  await stage({ clock: R6.clock, steps }, data);
  office = await openOffice({ clock: '2024-06-03T10:10:00+09:00', data });
});
after(async () => {
  await browser.close();
  await office.close();
  await rm(data, { recursive: true, force: true });
});

test('the office by keyboard', async () => {
  await walk(browser, { name: 'office-keyboard', viewport: DESKTOP }, async (page) => {
    await signIn(page, office, 'secretariat');
    await skipping(page);
    const number = await theList(page);
    await theSearch(page, number);
    await theCase(page, number);
    await thePalette(page);
    await severalCases(page);
    await everyStop(page, number);
  });
});

/** Opens the list afresh, so that the focus is at the beginning. */
async function openList(page) {
  await page.goto(`${office.url}/office/cases?view=all`);
  await page.locator('[data-row]').first().waitFor();
}

async function skipping(page) {
  await openList(page);
  await page.keyboard.press('Tab');
  await focused(page, (at) => at.text === '本文へ進む', 'the first stop leads past the header');
  await page.keyboard.press('Enter');
  await focused(page, (at) => at.id === 'main', 'and Enter goes there');
}

/** j and k go through the rows, x marks, ? explains and Escape goes back. Gives the number of the second case. */
async function theList(page) {
  await openList(page);
  const numbers = await page.locator('[data-row] [data-open]').allInnerTexts();
  assert.equal(numbers.length, NAMES.length);
  for (const [key, row] of [['j', 0], ['j', 1], ['j', 2], ['j', 2], ['k', 1]]) {
    await page.keyboard.press(key);
    await focused(page, (at) => at.text === numbers[row] && at.outline >= 2 && at.shown, `${key} leads to row ${row}`);
  }
  const mark = page.locator('[data-row]').nth(1).getByRole('checkbox');
  await page.keyboard.press('x');
  assert.equal(await mark.isChecked(), true, 'x marks the row');
  await page.keyboard.press('x');
  assert.equal(await mark.isChecked(), false, 'and x takes the mark away');
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'キーボードの操作' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await focused(page, (at) => at.text === numbers[1], 'Escape gives the focus back');
  return numbers[1];
}

/** / goes to the search, the list answers while it is typed, and Enter opens what was found. */
async function theSearch(page, number) {
  await page.keyboard.press('/');
  await focused(page, (at) => at.id === 'q', '/ goes to the search');
  await page.keyboard.type(number);
  await page.locator('#cases [data-announce]').filter({ hasText: '1件' }).waitFor();
  await focused(page, (at) => at.id === 'q', 'the focus stays while the list changes');
  await tabTo(page, (at) => at.text === number);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/office/cases/${number}`);
}

/** A letter opens a form; it is filled in wrong, then right, shown, and done. */
async function theCase(page, number) {
  await page.locator('.ways').first().waitFor();
  await page.keyboard.press('c');
  await page.waitForURL('**/contact');
  await tabTo(page, (at) => at.name === 'note');
  await page.keyboard.insertText('総務の方にご説明した。');
  await page.keyboard.press('Control+Enter');
  await focused(page, (at) => at.className === 'error-summary', 'the summary has the focus');
  const summary = page.locator('.error-summary a').first();
  const target = (await summary.getAttribute('href')).slice(1);
  await tabTo(page, (at) => at.href === `#${target}`);
  await page.keyboard.press('Enter');
  await focused(page, (at) => at.id === target, 'the summary leads to the control');
  await page.keyboard.press('Space');
  const outcome = page.locator('main [name=outcome]:checked');
  assert.equal(await outcome.inputValue(), 'reached');
  await page.keyboard.press('Control+Enter');
  await focused(page, (at) => at.value === 'act', 'what would happen is shown, with the button in focus');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/office/cases/${number}`);
  await page.locator('.flash').waitFor();
}

/** Ctrl+K finds a page by a part of its name; Escape closes without going anywhere. */
async function thePalette(page) {
  const palette = page.getByRole('dialog', { name: '操作とページを探す' });
  await page.keyboard.press('Control+k');
  await focused(page, (at) => at.id === 'palette-input', 'the palette waits for words');
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+k');
  await focused(page, (at) => at.id === 'palette-input', 'the palette waits for words again');
  await page.keyboard.insertText('承認');
  await page.locator('#palette-list button').filter({ hasText: '承認' }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await focused(page, (at) => at.tag === 'BUTTON' && at.text.startsWith('承認'), 'an arrow goes to what was found');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/office/approvals');
}

/** Two rows are marked and get a note together. */
async function severalCases(page) {
  await openList(page);
  await tabTo(page, (at) => at.id === 'action');
  for (let turn = 0; (await focus(page)).value !== 'note'; turn += 1) {
    assert.ok(turn < 10, 'arrows reach the note');
    await page.keyboard.press('ArrowDown');
  }
  await tabTo(page, (at) => at.name === 'case');
  await page.keyboard.press('Space');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**/office/cases/bulk');
  await tabTo(page, (at) => at.tag === 'TEXTAREA');
  await page.keyboard.insertText('来週、まとめて連絡する。');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: '実行する' }).waitFor();
  await tabTo(page, (at) => at.text === '実行する');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/office/cases/bulk/*');
  await page.locator('main table').waitFor();
}

/** Tab comes through the pages in their order, and every stop is seen. */
async function everyStop(page, number) {
  for (const path of ['/office/cases?view=all', `/office/cases/${number}`, '/office/approvals', '/office/earlier-support', '/office/account']) {
    await page.goto(office.url + path);
    const stops = await tabThrough(page);
    assert.ok(stops >= 10, `${stops} stops on ${path}`);
  }
}
