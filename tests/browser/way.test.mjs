// The whole way of a visitor on a phone, for both programmes, with JavaScript and without: nothing may be lost on it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, picture, walk } from './browser.mjs';
import { eventually, openOffice, R6, R7 } from './office.mjs';
import { fill, MISTAKES, NORMALISED, press, SCREENS } from './visitor.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const programme of [R6, R7]) {
  describe(programme.id, () => {
    let office;
    before(async () => (office = await openOffice(programme)));
    after(() => office.close());

    for (const scripts of [true, false]) {
      test(`from the list to the withdrawal, ${scripts ? 'with' : 'without'} JavaScript`, async () => {
        const name = `way-${programme.id}-${scripts ? 'script' : 'plain'}`;
        await walk(browser, { name, scripts }, async (page) => {
          await page.goto(office.url);
          await toTheForm(page, programme.id);
          for (const screen of Object.keys(SCREENS[programme.id])) await throughScreen(page, programme.id, screen);
          await confirmation(page);
          const number = await receipt(page, office, programme.id);
          await picture(page, name);
          await proofAndWithdrawal(page, number);
        });
      });
    }
  });
}

/** List, programme page, eligibility check, and with its answers into the form. */
async function toTheForm(page, programme) {
  await page.locator(`main a[href="/programs/${programme}"]`).first().click();
  await page.locator(`main a[href="/programs/${programme}/check"]`).first().click();
  await fill(page, { entity_kind: 'corporation', ...SCREENS[programme].size, prefecture: '13' });
  await press(page, '要件を確かめる');
  await page.getByRole('heading', { name: '要件ごとの結果' }).waitFor();
  await press(page, 'この内容で申込みに進む');
  await page.waitForURL('**/company');
  assert.equal(await page.locator('[name=entity_kind][value=corporation]').isChecked(), true, 'the answer of the check comes along');
}

/** Wrong first: the summary has the focus and leads to the controls, what was typed stays. Then right. */
async function throughScreen(page, programme, screen) {
  await page.waitForURL(`**/${screen}`);
  const { typed, wrong } = MISTAKES[screen];
  const carried = new Set(await chosen(page));
  await fill(page, typed);
  await press(page, '次へ');
  await page.locator('.error-summary').waitFor();
  assert.match(await page.title(), /^エラー：/, screen);
  // Chromium moves the focus of `autofocus` with the next frame, which on a busy machine comes after the first question.
  await focused(page, () => document.activeElement.className, 'error-summary', `${screen}: the summary has the focus`);
  for (const [name, value] of Object.entries(typed)) {
    if (typeof value === 'string') assert.equal(await page.locator(`main form [name="${name}"]`).first().inputValue(), value, `${screen}: ${name} is kept`);
  }
  const complained = await summary(page);
  const expected = wrong.filter((name) => !carried.has(name));
  for (const name of expected) assert.ok(complained.some((line) => line.name === name), `${screen}: ${name} in ${JSON.stringify(complained)}`);
  for (const line of complained) {
    await page.locator(`.error-summary a[href="#${line.id}"]`).click();
    await focused(page, () => document.activeElement.id, line.id, `${screen}: the link moves the focus`);
    assert.equal(line.beside, line.words, `${screen}: the same words beside the control`);
  }
  await fill(page, SCREENS[programme][screen]);
  if (screen === 'address') await postcode(page);
  await press(page, '次へ');
}

/** Waits until what has the focus answers as it should. */
async function focused(page, question, expected, complaint) {
  let answer;
  await eventually(async () => (answer = await page.evaluate(question)) === expected);
  assert.equal(answer, expected, complaint);
}

/** Names of radio buttons and lists that already have an answer. */
function chosen(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('main form :is(input:checked, select, input.input)')].filter((control) => control.value).map((control) => control.name),
  );
}

/** The lines of the error summary with the control each one leads to. */
function summary(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.error-summary a')].map((link) => {
      const control = document.getElementById(link.hash.slice(1));
      const around = control?.closest('.support-row, .field');
      const error = around?.querySelector('.error')?.textContent.replace('エラー：', '');
      return { id: link.hash.slice(1), name: control?.name, words: link.textContent, beside: error };
    }),
  );
}

/** 「住所を自動入力」 fills in what is empty and never overwrites silently. */
async function postcode(page) {
  const line = page.locator('[name=address_line1]');
  await press(page, '住所を自動入力');
  await page.locator('#suggestion').waitFor();
  assert.equal(await line.inputValue(), '新宿区西新宿２ー８ー１', 'what was typed is not overwritten');
  await line.fill('');
  await press(page, '住所を自動入力');
  await page.locator('#suggestion').waitFor();
  const candidate = page.locator('#suggestion button');
  if (await candidate.count()) await candidate.first().click();
  await page.waitForFunction(() => document.querySelector('[name=address_line1]').value !== '');
  assert.match(await line.inputValue(), /新宿区西新宿/);
  await line.fill(`${await line.inputValue()}２ー８ー１`);
}

/** Shows what was understood; 変更 goes there and comes back. */
async function confirmation(page) {
  await page.waitForURL('**/confirm');
  const text = await page.locator('main').innerText();
  for (const value of NORMALISED) assert.ok(text.includes(value), `「${value}」 on the confirmation`);
  await page.locator('.row-change a[href*="contact_phone"]').click();
  await page.waitForURL('**/contact?from=confirm#contact_phone');
  assert.equal(await page.locator('[name=contact_phone]').inputValue(), '+81-3-0000-0123', 'as it was typed');
  await fill(page, { contact_phone: '０３(0000)0124' });
  await press(page, '確認画面へ戻る');
  await page.waitForURL('**/confirm');
  assert.ok((await page.locator('main').innerText()).includes('03-0000-0124'));
}

/** Sends, and finds the same number in the mail that lands. */
async function receipt(page, office, programme) {
  await press(page, '送信する');
  await page.waitForURL('**/applications/**');
  const number = (await page.locator('.receipt-number').innerText()).trim();
  assert.match(number, /^[0-9A-Z-]{6,}$/);
  const text = await page.locator('main').innerText();
  assert.match(text, /受付日時\s*令和\d+年6月\d+日/);
  if (programme === R6.id) assert.match(text, /\d月\d+日\([月火水木金]\)まで/, 'by which date the office calls');
  const mine = (mail) => mail.includes(number);
  const mail = (await eventually(async () => (await office.mails()).find(mine))) ?? '';
  assert.ok(mail, 'the auto-reply carries the receipt number');
  assert.match(mail, /^To: .*YOSHIKO@sonae\.example\.jp/im);
  assert.match(mail, /^Auto-Submitted: auto-(replied|generated)/im);
  if (programme === R7.id) assert.ok(mail.includes('この時点では事業への参加は確定していません'));
  assert.ok(mail.includes(new URL(page.url()).pathname), 'the mail leads to the same status page');
  return number;
}

async function proofAndWithdrawal(page, number) {
  const status = page.url();
  await page.getByRole('link', { name: '受付票(お申込みの内容と受付の証明)' }).click();
  await page.getByRole('link', { name: '受付の証明を見る' }).click();
  await page.getByRole('heading', { name: '受付の証明' }).waitFor();
  const values = await page.locator('.row-value').allInnerTexts();
  assert.equal(values[0].trim(), number);
  await page.goto(status);
  await page.getByRole('link', { name: 'お申込みを取り下げる' }).click();
  await press(page, '取り下げる');
  await page.getByRole('heading', { name: 'お申込みは取り下げられています' }).waitFor();
  assert.equal(page.url(), status);
}
