// What people of the office do with a case, by clicking what they see.

import assert from 'node:assert/strict';

import { eventually } from './office.mjs';
import { fill, press } from './visitor.mjs';

/** Finds a case by typing into the search of the list, and opens it. */
export async function openCase(page, number) {
  await page.locator('.office-nav').getByRole('link', { name: /^案件/ }).click();
  await page.waitForURL('**/office/cases**');
  await page.locator('#q').fill(number);
  await page.locator('#cases [data-announce]').filter({ hasText: '探しています' }).waitFor();
  await page.locator('#cases').getByRole('link', { name: number, exact: true }).click();
  await page.waitForURL(`**/office/cases/${number}`);
}

/** Takes one of the ways that a case offers, fills its form, and confirms what is shown where something is shown first. */
export async function act(page, number, label, values) {
  await page.locator('.ways').getByRole('link', { name: label, exact: true }).click();
  await page.waitForURL(`**/office/cases/${number}/**`);
  await complete(page, number, values);
}

/** The same where the form is open already. */
export async function complete(page, number, values) {
  await fill(page, values);
  await page.locator('main form button[name=step][value=preview]').last().click();
  const confirm = page.locator('main button[name=step][value=act]');
  const done = page.locator('main .flash');
  await confirm.or(done).first().waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await page.waitForURL(`**/office/cases/${number}`);
  await done.waitFor();
}

/** Where a case stands, by what its page says under these headings. */
export async function stands(page, expected) {
  for (const [heading, value] of Object.entries(expected)) {
    const shown = page.locator('main .case-columns > div > .pairs').first().locator('div').filter({ has: page.getByText(heading, { exact: true }) });
    assert.equal((await shown.locator('dd').innerText()).trim(), value, heading);
  }
}

/** Hands one case over to Tokyo. */
export async function propose(page, number) {
  await readyToPropose(page, number);
  await press(page, '一覧にして東京都に依頼する(1件)');
  await page.getByRole('heading', { name: '依頼の結果' }).waitFor();
}

/** Up to the page that shows what handing over one case would do. Each programme has a table and a button of its own. */
export async function readyToPropose(page, number) {
  await section(page, '承認');
  const mark = page.getByRole('checkbox', { name: `${number}を選ぶ` });
  await mark.check();
  await page.locator('main form').filter({ has: mark }).getByRole('button', { name: '依頼の内容を確かめる' }).click();
  await page.getByRole('heading', { name: '承認の依頼の確認' }).waitFor();
}

/** Tokyo opens the list that waits, compares, and approves the one case on it. */
export async function approve(page, number) {
  await section(page, '承認');
  await page.getByRole('table', { name: '判断を待つ一覧' }).locator('tbody th a').first().click();
  await page.getByRole('checkbox', { name: `${number}を選ぶ` }).check();
  await press(page, '選んだ案件を承認する');
  await page.getByRole('heading', { name: '承認の確認' }).waitFor();
  await press(page, '承認する(1件)');
  await page.getByRole('heading', { name: '判断の結果' }).waitFor();
}

/** A part of the office, by the navigation. */
export async function section(page, name) {
  const link = page.locator('.office-nav').getByRole('link', { name: new RegExp(`^${name}`) });
  const path = await link.getAttribute('href');
  await link.click();
  await page.waitForURL(`**${path}`);
}

/** Opens a page again until it shows what somebody else has caused. */
export async function reloadUntil(page, locator) {
  const shown = await eventually(async () => {
    await page.reload();
    return locator.isVisible();
  });
  assert.ok(shown, `${locator} on ${page.url()}`);
}
