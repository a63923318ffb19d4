// Every public page in every state it can be in, one after the other. What is looked at there is the caller's business.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';

import { folder, openOffice, pause, R6, R7, tinyProgrammes } from './office.mjs';
import { begin, body, fill, fillAll, MISTAKES, press, SCREENS } from './visitor.mjs';

/** The public pages are kept in memory for a second. */
const PAGE_CACHE = 1_100;

/**
 * @param {import('playwright-core').Page} page
 * @param {(name: string, status?: number) => Promise<void>} look Called on each page with the status it must have been answered with.
 */
export async function tour(page, look) {
  await withOffice(R7, async (office) => {
    await reading(page, office, look);
    await checking(page, office, look);
    await filling(page, office, look);
    await sent(page, office, look);
  });
  await withOffice({ clock: '2024-05-01T10:00:00+09:00' }, (office) => notYet(page, office, look));
  await links(page, look);
  await fullCourses(page, look);
}

async function withOffice(settings, walk) {
  const office = await openOffice(settings);
  try {
    await walk(office);
  } finally {
    await office.close();
  }
}

async function reading(page, office, look) {
  const pages = [
    ['list', '/'],
    ['programme', `/programs/${R7.id}`],
    ['programme-closed', `/programs/${R6.id}`],
    ['apply', `/programs/${R7.id}/apply`],
    ['apply-closed', `/programs/${R6.id}/apply`],
    ['accessibility', '/accessibility'],
    ['site-policy', '/site-policy'],
    ['status', '/status'],
  ];
  for (const [name, path] of pages) {
    await page.goto(office.url + path);
    await look(name);
  }
  await page.goto(`${office.url}/programs/${R7.id}`);
  await page.locator('.site-links').getByRole('link', { name: '個人情報の取扱い' }).click();
  await page.waitForURL('**/privacy**');
  await look('privacy');
  await page.goto(`${office.url}/nowhere`);
  await look('not-found', 404);
  await page.goto(`${office.url}/apply/${'0'.repeat(32)}`);
  await look('draft-not-found', 404);
  await page.goto(`${office.url}/applications/A-2345/${'0'.repeat(32)}`);
  await look('application-not-found', 404);
}

async function checking(page, office, look) {
  const check = `${office.url}/programs/${R7.id}/check`;
  await page.goto(check);
  await look('check');
  await fill(page, { past_support: 'some', capital_yen: 'たくさん' });
  await press(page, '要件を確かめる');
  await look('check-mistakes', 422);
  const { company, ...screens } = SCREENS[R7.id];
  const met = { entity_kind: company.entity_kind, ...screens.size, prefecture: '13', courses: 'it_bcp', ...screens.conditions, ...screens.pledges };
  for (const [name, changed] of [['eligible', {}], ['ineligible', { prefecture: '27' }]]) {
    await page.goto(check);
    await fill(page, { ...met, ...changed });
    await press(page, '要件を確かめる');
    await look(`check-${name}`);
  }
  await page.goto(check);
  await fill(page, { prefecture: '13' });
  await press(page, '要件を確かめる');
  await look('check-open');
}

async function filling(page, office, look) {
  const path = await begin(page, office, R7.id);
  await page.goto(`${office.url}${path}/confirm`);
  await look('confirm-mistakes');
  await page.goto(`${office.url}${path}/company`);
  for (const [screen, values] of Object.entries(SCREENS[R7.id])) {
    await page.waitForURL(`**/${screen}`);
    await look(`form-${screen}`);
    await fill(page, MISTAKES[screen].typed);
    await press(page, '次へ');
    await look(`form-${screen}-mistakes`, 422);
    if (screen === 'address') await suggestion(page, look);
    if (screen === 'conditions') await earlierSupport(page, look);
    await fill(page, values);
    await press(page, '次へ');
  }
  await page.waitForURL('**/confirm');
  await look('confirm');
  await page.goto(`${office.url}${path}/contact?from=confirm`);
  await look('form-change');
  await page.goto(`${office.url}${path}/saved`);
  await look('saved');
  await page.goto(`${office.url}${path}/address?from=confirm`);
  await fill(page, { prefecture: '27', address_line1: '大阪市北区' });
  await press(page, '確認画面へ戻る');
  await page.waitForURL('**/confirm');
  await look('ineligible');
}

async function suggestion(page, look) {
  for (const [name, postcode] of [['found', '100-0001'], ['unknown', '999-9999']]) {
    await fill(page, { postcode });
    await press(page, '住所を自動入力');
    await page.waitForLoadState();
    await look(`form-address-${name}`);
  }
}

async function earlierSupport(page, look) {
  await fill(page, { past_support: 'some' });
  await press(page, '行を追加');
  await look('form-conditions-rows');
  await page.locator('[name=past_support_kind]').first().selectOption('utm');
  await press(page, '次へ');
  await look('form-conditions-row-mistake', 422);
  await page.locator('[name=past_support_kind]').first().selectOption('');
}

async function sent(page, office, look) {
  await begin(page, office, R7.id);
  await fillAll(page, R7.id);
  await press(page, '送信する');
  await page.waitForURL('**/applications/**');
  await look('receipt');
  const receipt = page.url();
  const number = (await page.locator('.receipt-number').innerText()).trim();
  await page.goto(`${office.url}/applications/${number}/proof`);
  await look('proof');
  await page.goto(receipt);
  await page.getByRole('link', { name: 'お申込みを取り下げる' }).click();
  await page.waitForURL('**/withdraw');
  await look('withdraw');
  await press(page, '取り下げる');
  await page.waitForURL(receipt);
  await look('withdrawn');
}

async function notYet(page, office, look) {
  await page.goto(`${office.url}/programs/${R6.id}`);
  await look('programme-not-yet');
  await page.goto(`${office.url}/programs/${R6.id}/apply`);
  await look('apply-not-yet');
}

/** A form begun in the last hour of the window: sent too late, and opened after its thirty days. */
async function links(page, look) {
  const data = await folder();
  try {
    let office = await openOffice({ clock: '2024-11-29T23:00:00+09:00', data });
    const path = await begin(page, office, R6.id);
    await fillAll(page, R6.id);
    await office.close();
    office = await openOffice({ clock: '2024-11-30T00:00:01+09:00', data });
    await page.goto(`${office.url}${path}/confirm`);
    await look('confirm-closed');
    await press(page, '送信する');
    await page.getByRole('heading', { name: '受付は終了しました' }).waitFor();
    await look('sent-too-late', 409);
    await office.close();
    office = await openOffice({ clock: '2025-01-05T10:00:00+09:00', data });
    await page.goto(`${office.url}${path}/confirm`);
    await look('draft-expired', 404);
    await office.close();
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function fullCourses(page, look) {
  const programs = await tinyProgrammes();
  try {
    await withOffice({ ...R6, programs }, async (office) => {
      await apply(office, 1, ['utm', 'guidance']);
      await pause(PAGE_CACHE);
      await page.goto(`${office.url}/programs/${R6.id}`);
      await look('programme-nearly-full');
      await apply(office, 2, ['utm', 'guidance']);
      await pause(PAGE_CACHE);
      await page.goto(`${office.url}/programs/${R6.id}`);
      await look('programme-waiting');
      const path = await begin(page, office, R6.id);
      await fillAll(page, R6.id, { courses: { courses: ['utm'] } });
      await apply(office, 3, ['utm']);
      await press(page, '送信する');
      await page.getByRole('heading', { name: '定員に達しました' }).waitFor();
      await look('sent-full', 409);
      await page.goto(`${office.url}${path}/courses`);
      await look('form-courses-full');
      await fill(page, { courses: ['guidance'] });
      await press(page, '次へ');
      await page.goto(`${office.url}${path}/confirm`);
      await press(page, '送信する');
      await page.waitForURL('**/applications/**');
      await look('receipt-waiting');
      await pause(PAGE_CACHE);
      await page.goto(`${office.url}/programs/${R6.id}`);
      await look('programme-full');
    });
  } finally {
    await rm(programs, { recursive: true, force: true });
  }
}

/** One more application through the interface. */
async function apply(office, number, courses) {
  const reply = await fetch(`${office.url}/api/v1/programs/${R6.id}/applications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `browser-test-${number}` },
    body: JSON.stringify(body(number, courses)),
  });
  assert.equal(reply.status, 201, await reply.text());
}
