// Both programmes from the application to the confirmed participation, every role in a browser of its own, on either engine.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { launch, picture } from './browser.mjs';
import { act, approve, complete, openCase, propose, reloadUntil, stands } from './desk.mjs';
import { folder, openOffice, PROGRAM, R6, R7 } from './office.mjs';
import { ANSWERS } from './portal.mjs';
import { cast, NAMES } from './staff.mjs';
import { begin, fill, fillAll, press } from './visitor.mjs';

const CALLED = { outcome: 'reached', note: '総務の方にご説明した。' };
const ENVIRONMENT = { 'item.network': '光回線とルーター1台', 'item.hub_ports': 'true', 'item.computers': '12台' };

/** SQLite in the data folder, and PostgreSQL where it is to be had: an empty database, used by nobody else. */
const ENGINES = { SQLite: undefined, PostgreSQL: process.env.SONAE_TEST_POSTGRES };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [engine, database] of Object.entries(ENGINES)) {
  const missing = engine === 'PostgreSQL' && !database && 'SONAE_TEST_POSTGRES is not set; cargo xtask browser sets it';
  describe(`from the application to 参加確定 on ${engine}`, { skip: missing }, () => {
    let data;
    before(async () => (data = await folder()));
    after(() => rm(data, { recursive: true, force: true }));

    // The second programme comes a year later in the same books.
    for (const [programme, roles, play] of [[R6, ['secretariat', 'expert', 'sponsor'], r6], [R7, ['secretariat', 'sponsor'], r7]]) {
      test(programme.id, async () => {
        const office = await openOffice({ clock: programme.clock, data, database });
        try {
          const name = `office-way-${programme.id}-${engine}`;
          await cast(browser, office, { name, roles, season: programme.id }, (pages) => play(office, pages, name));
          await promisify(execFile)(PROGRAM, ['verify', ...office.where]);
        } finally {
          await office.close();
        }
      });
    }
  });
}

async function r6(office, { company, secretariat, expert, sponsor }, name) {
  const number = await apply(company, office, R6.id);
  await openCase(secretariat, number);
  await stands(secretariat, { 今の段階: '事務局からのご連絡', 次に動く人: '運営事務局' });
  await act(secretariat, number, '連絡を記録する', CALLED);
  await stands(secretariat, { 今の段階: 'ご了承(申込み完了)' });

  const agree = company.getByRole('link', { name: 'ご説明を読んで、了承する' });
  await reloadUntil(company, agree);
  await agree.click();
  await company.waitForURL('**/agree');
  await fill(company, { agreed: ['yes'] });
  await press(company, '了承して送る');
  await company.waitForURL('**?done=agree');

  await secretariat.reload();
  await stands(secretariat, { 今の段階: '専門家からのご連絡', 次に動く人: '専門家', 担当の専門家: '決まっていません' });
  await assignExpert(secretariat, number);

  await openCase(expert, number);
  await act(expert, number, '連絡を記録する', CALLED);
  await stands(expert, { 今の段階: '事前診断' });
  await act(expert, number, '環境の記録を書く', { ...ENVIRONMENT, then: 'done' });
  await stands(expert, { 今の段階: '東京都の承認' });
  await act(expert, number, 'コースの案を出す', { courses: ['guidance'], reason: '機器は間に合っているため。' });

  await propose(secretariat, number);
  await approve(sponsor, number);

  await openCase(secretariat, number);
  await stands(secretariat, { 今の段階: '支援コースの決定(参加確定)', 次に動く人: '運営事務局' });
  await act(secretariat, number, 'コースを決める(参加確定)', { courses: ['guidance'], reason: '専門家の案のとおり。' });
  await confirmed(secretariat, company, name);
}

async function r7(office, { company, secretariat, sponsor }, name) {
  const number = await apply(company, office, R7.id);
  await openCase(secretariat, number);
  await stands(secretariat, { 今の段階: '要件の確認' });
  await screen(secretariat, number);
  await stands(secretariat, { 今の段階: '東京都の承認' });

  await propose(secretariat, number);
  await approve(sponsor, number);

  await heardByTelephone(secretariat, company, number);

  const questions = company.getByRole('link', { name: '事前問診に答える' });
  await reloadUntil(company, questions);
  await questions.click();
  await company.waitForURL('**/questionnaire');
  await fill(company, ANSWERS);
  await press(company, '確認画面へ進む');
  await company.waitForURL('**/questionnaire/confirm');
  await press(company, '送信する');
  await company.waitForURL('**?done=questionnaire');
  await openCase(secretariat, number);
  await confirmed(secretariat, company, name);
}

/** The company fills in every screen on its phone; gives the receipt number. */
async function apply(page, office, programme) {
  await begin(page, office, programme);
  await fillAll(page, programme);
  await press(page, '送信する');
  await page.waitForURL('**/applications/**');
  return (await page.locator('.receipt-number').innerText()).trim();
}

async function assignExpert(page, number) {
  await page.locator('.ways').getByRole('link', { name: '担当の専門家を決める', exact: true }).click();
  await page.waitForURL('**/expert');
  await page.getByLabel(NAMES.expert, { exact: true }).check();
  await complete(page, number, {});
  await stands(page, { 担当の専門家: NAMES.expert });
}

/** Every condition is looked at and what is left to a person is judged; then the screening ends. */
async function screen(page, number) {
  await page.locator('.ways').getByRole('link', { name: '要件を確認する', exact: true }).click();
  await page.getByRole('heading', { name: '要件の確認' }).first().waitFor();
  await page.locator('main').getByRole('link', { name: '要件の確認を終える', exact: true }).click();
  await page.waitForURL('**/screened');
  await complete(page, number, {});
}

/** The company is asked for a correction, calls, and sees what the office entered for it. */
async function heardByTelephone(secretariat, company, number) {
  await openCase(secretariat, number);
  await act(secretariat, number, '申込内容の訂正をお願いする', { message: 'ご担当の方をお確かめください。', fields: ['contact_name'] });
  await stands(secretariat, { 次に動く人: '申込企業' });
  await act(secretariat, number, '聞き取った訂正を入力する', { said_by: '総務の佐藤', contact_name: '佐藤 花子' });
  await stands(secretariat, { 今の段階: '事前問診(参加確定)', 次に動く人: '申込企業' });
  const told = secretariat.locator('.timeline li').filter({ hasText: '事務局が、申込内容を直しました。' });
  assert.match(await told.innerText(), /総務の佐藤様からお電話で[\s\S]*佐藤 花子/);
  await reloadUntil(company, company.getByRole('link', { name: '事前問診に答える' }));
}

/** Both sides say it. */
async function confirmed(secretariat, company, name) {
  assert.match(await secretariat.locator('h1').innerText(), /参加確定/);
  await reloadUntil(company, company.getByRole('heading', { name: /参加が確定/ }).first());
  await picture(company, `${name}-company`);
  await picture(secretariat, `${name}-secretariat`);
}
