// The pages of the office: first what makes them worth looking at (lists for Tokyo, an import, a webhook …) with each page that answers a form
// on the way, then every route that the door knows, at the first address that a role finds by following links.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { complete, openCase, readyToPropose, section } from './desk.mjs';
import { folder, openOffice, R6, R7, ROOT, tinyProgrammes } from './office.mjs';
import { everyRoute, ROLES } from './office_routes.mjs';
import { scriptR6, scriptR7, stage, WAY_R6 } from './portal.mjs';
import { code, invitation, signIn } from './staff.mjs';
import { body, fill, press } from './visitor.mjs';

const MAIL = ['From: taro5@sonae.example.jp', 'To: office@sonae.example.jp', 'Subject: =?UTF-8?B?6KiI55S744Gu44GU55u46KuH?=', 'Message-ID: <a@sonae.example.jp>', '', 'Hello.', ''];

/**
 * @param {(role: string) => Promise<{ page: import('playwright-core').Page, look: (name: string, status?: number) => Promise<void> }>} come
 *   A browser of her own for a role, and what is called on each page with the status it must have been answered with.
 */
export async function officeTour(come) {
  const programs = await tinyProgrammes([R6.id, R7.id], 2);
  const data = await folder();
  const inbox = join(data, 'inbox');
  try {
    const first = await stage(withOneToDecide(scriptR6()), data, programs);
    const second = await stage(withMore(scriptR7()), data, programs);
    await mkdir(join(inbox, 'new'), { recursive: true });
    await writeFile(join(inbox, 'new', '1.a.b'), MAIL.join('\r\n'));
    const office = await openOffice({ clock: '2025-06-02T10:10:00+09:00', data, programs, inbox });
    try {
      const numbers = Object.fromEntries(Object.entries({ ...first.cases, ...second.cases }).map(([name, path]) => [name, path.split('/')[2]]));
      return await walkThrough({ office, numbers, routes: second.office }, come);
    } finally {
      await office.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
    await rm(programs, { recursive: true, force: true });
  }
}

/** Two more cases of R6: one whose courses are to be decided, and one with two courses, of which one can be withdrawn. */
function withOneToDecide({ clock, steps }) {
  steps.push({ case: 'approved', program: R6.id, answers: body('approved', ['edr']) });
  for (const [actor, event] of WAY_R6.slice(0, -1)) steps.push({ case: 'approved', actor, event });
  steps.push({ case: 'both', program: R6.id, answers: body('both', ['utm', 'edr']) });
  steps.push({ case: 'decided', sample: '20' }, { case: 'decided', review: 'basic-policy' });
  steps.push({ case: 'decided', actor: 'secretariat', event: { event: 'assigned', to: 'technician' } }, { case: 'decided', watched: 'told' });
  return { clock, steps };
}

/** More cases of R7: two to be handed over to Tokyo, and one that a person has to judge. */
function withMore({ clock, steps }) {
  const application = steps.find((step) => step.case === 'screening');
  const add = (name, changed) => steps.push({ ...application, case: name, answers: { ...application.answers, contact_email: `${name}@sonae.example.jp`, ...changed } });
  for (const name of ['handed', 'asked']) {
    add(name);
    steps.push({ case: name, actor: 'secretariat', event: { event: 'screened' } });
  }
  add('judgement', { measures: { utm_or_edr_installed: true, two_star_level_policy: false } });
  return { clock, steps };
}

async function walkThrough({ office, numbers, routes }, come) {
  const people = {};
  for (const role of ROLES) {
    people[role] = await come(role);
    const { page, look } = people[role];
    people[role].secret = await signIn(page, office, role, 'tour', role === 'desk' ? look : undefined);
  }
  await signingIn(office, people.desk);
  await refused(office, numbers, people.desk);
  await working(people.secretariat, numbers);
  const bulk = await manyAtOnce(people.secretariat, numbers);
  await approvals(people, numbers);
  await waiting(office, people.secretariat);
  const list = await earlierSupport(people.secretariat);
  await administration(office, people.admin);
  await ownAccount(people.sponsor);
  await states(office, people.secretariat, numbers);
  const file = await attached(office, people.secretariat, numbers);
  await checks(office, people, numbers.decided);
  const detections = await devices(office, people.secretariat, numbers.decided);
  const made = await reports(office, people.technician, numbers.decided);
  // What nothing leads to any more.
  await everyRoute(office, people, { routes, also: [bulk, list, file, WATCHED, ...papersOf(numbers.decided), ...detections, ...made] });
}

/** The sheet of the day on which the stage's device was heard. */
const WATCHED = '/office/checks?day=2024-06-02';

/** The daily check: the company is given to the technician, who looks at two days of it with every form that answers. */
async function checks(office, { secretariat, technician }, number) {
  await secretariat.page.goto(`${office.url}/office/cases/${number}/assign`);
  const choice = secretariat.page.locator('main form [name=to]').first();
  const label = '技術 まこと(技術担当)';
  if ((await choice.evaluate((control) => control.type)) === 'radio') await secretariat.page.getByLabel(label, { exact: true }).check();
  else await choice.selectOption({ label });
  await complete(secretariat.page, number, {});
  const { page, look } = technician;
  await page.goto(`${office.url}${WATCHED}`);
  await look('checks-of-a-technician');
  await page.locator('[data-open]').first().click();
  await page.locator('#findings').waitFor();
  await page.locator('[data-open]').last().click();
  await page.locator('#verdict').waitFor();
  await look('check-of-a-company');
  await press(page, '判断を記録する');
  await page.locator('.error-summary').waitFor();
  await look('check-mistake', 422);
  await page.goto(`${office.url}/office/checks/missed`);
  await page.locator('main input[name=day]').first().check();
  await press(page, '印を付けた日をまとめて確認する');
  await page.getByRole('heading', { name: '静かな日をまとめて確認する' }).waitFor();
  await look('checks-together');
}

/** The month in which the stage's device was heard is reported, with a preview. Gives the pages about it. */
async function reports(office, { page, look }, number) {
  await page.goto(`${office.url}/office/reports?month=2024-06`);
  await look('reports-due');
  await page.locator('main input[name=case]').first().check();
  await press(page, '作る(作り直す)');
  await look('reports-preview');
  await press(page, '実行する');
  await page.getByRole('link', { name: '一覧へ' }).waitFor();
  const done = new URL(page.url()).pathname;
  const here = `/office/reports/${number}/2024-06`;
  await page.goto(`${office.url}${here}`);
  await look('report-made');
  return [done, here, `${here}/compare`, `${here}/pdf`];
}

/** The papers of a company that takes part, which lie deeper than links are followed: answers, files, what came back from Word. */
function papersOf(number) {
  const files = ['draft/pdf', 'versions/1/pdf', 'word'].map((file) => `basic-policy/${file}`);
  const pages = ['answers/basic-policy/1', 'tables/assets', 'checks', 'security-action', ...files];
  return pages.map((page) => `/office/cases/${number}/papers/${page}`);
}

/** A device is registered with a mistake and then well, sends lines, and what it found is looked for. Gives the pages about it. */
async function devices(office, { page, look }, number) {
  const here = `/office/cases/${number}/devices`;
  await page.goto(`${office.url}${here}/new`);
  await press(page, '機器を登録する');
  await page.locator('.error-summary').waitFor();
  await look('devices-mistakes', 422);
  await fill(page, { product: '見本のUTM', serial: 'SN-0001', from: '2025-06-01', to: '2025-08-31' });
  await page.locator('main [name=kind]').first().check();
  await press(page, '機器を登録する');
  await page.locator('.secret').waitFor();
  await look('devices-token');
  const token = await page.locator('.secret').textContent();
  const alert = { timestamp: '2025-06-02T10:00:00+0900', event_type: 'alert', src_ip: '203.0.113.9', dest_ip: '192.0.2.10', proto: 'TCP', alert: { action: 'blocked', signature_id: 2000001, signature: 'ET SCAN invented', category: 'Attempted Information Leak', severity: 1 } };
  const lines = `${JSON.stringify(alert)}\nこれは読めない行です\n`;
  const sent = await fetch(`${office.url}/api/v1/telemetry/batches`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'batch-id': 'tour' }, body: lines });
  if (sent.status !== 201) throw new Error(`a batch was answered with ${sent.status}: ${await sent.text()}`);
  await page.goto(`${office.url}${here}`);
  const device = await page.locator('main tbody th a').first().getAttribute('href');
  await page.goto(`${office.url}${device}`);
  await look('device');
  await page.goto(`${office.url}/office/cases/${number}/detections`);
  await page.getByText('条件を変える').click();
  await fill(page, { from: 'あした' });
  await press(page, '探す');
  await page.locator('.error-summary').waitFor();
  await look('detections-mistakes', 422);
  await page.goto(`${office.url}/office/cases/${number}/detections`);
  const line = await page.locator('[data-open]').first().getAttribute('href');
  await page.goto(`${office.url}/office/detections`);
  await fill(page, { address: '203.0.113.9' });
  await press(page, '探す');
  await page.getByRole('heading', { name: '結果' }).waitFor();
  await look('detections-of-all');
  return [here, `${here}/new`, device, `/office/cases/${number}/detections`, line];
}

/** Who is registered already: her address, the link that was used, the code. */
async function signingIn(office, { page, look }) {
  await page.goto(`${office.url}/office/account`);
  await page.getByRole('button', { name: 'サインアウト', exact: true }).click();
  await page.goto(`${office.url}/sign-in`);
  await look('sign-in');
  await press(page, 'リンクを送る');
  await page.locator('.error-summary').waitFor();
  await look('sign-in-mistake', 422);
  await page.locator('main [name=email]').fill('nobody@office.example.jp');
  await press(page, 'リンクを送る');
  await page.waitForURL('**/sign-in/sent**');
  await look('sign-in-sent');
  const link = await invitation(office, 'desk', 'tour');
  await page.goto(link);
  await press(page, 'サインインを続ける');
  await page.waitForURL('**/sign-in/code');
  await look('sign-in-code');
  await page.locator('main [name=code]').fill('000000');
  await press(page, 'サインインする');
  await page.locator('.error-summary').waitFor();
  await look('sign-in-code-mistake', 422);
  await page.goto(link);
  await look('sign-in-link-spent', 404);
  await signIn(page, office, 'desk', 'tour-again');
}

async function refused(office, numbers, { page, look }) {
  await page.goto(`${office.url}/office/users`);
  await look('not-for-this-role', 403);
  await page.goto(`${office.url}/office/cases/${numbers.called}`);
  await look('case-not-hers', 404);
}

/** The forms of a case: what is wrong, what would happen, and what somebody else did in between. */
async function working({ page, look }, numbers) {
  await openCase(page, numbers.called);
  await look('case-called');
  await page.locator('.ways').getByRole('link', { name: '企業にメッセージを送る', exact: true }).click();
  await page.waitForURL('**/message');
  await press(page, '確認へ進む');
  await page.locator('.error-summary').waitFor();
  await look('message-mistakes', 422);
  await fill(page, { subject: '訪問の日程', text: '来週の火曜日は、いかがですか。' });
  await press(page, '確認へ進む');
  await page.getByRole('heading', { name: '送るメール' }).waitFor();
  await look('message-preview');
  await page.goto(new URL(`/office/cases/${numbers.called}/agreed`, page.url()).href);
  await fill(page, { note: '電話で、総務の方から了承をいただいた。' });
  await press(page, '確認へ進む');
  await page.getByRole('heading', { name: '変わること' }).waitFor();
  // As if this page had been open since the beginning.
  await page.locator('main [name=version]').evaluate((field) => (field.value = '1'));
  await page.locator('main button[value=act]').click();
  await page.getByRole('heading', { name: 'この画面を開いたあとのこと' }).waitFor();
  await look('agreed-conflict', 409);
  await page.goto(new URL(`/office/cases/${numbers.declined}/agreed`, page.url()).href);
  await look('case-not-now', 409);
}

async function manyAtOnce({ page, look }, numbers) {
  await section(page, '案件');
  await page.locator('#q').fill('nowhere');
  await page.locator('#cases').getByText('当てはまる案件はありません').waitFor();
  // The list was swapped in place; what is looked at is the page of that address.
  await page.waitForURL('**q=nowhere**');
  await page.reload();
  await look('cases-none');
  await page.goto(new URL('/office/cases?view=all', page.url()).href);
  for (const name of ['called', 'declined']) await page.getByRole('checkbox', { name: `${numbers[name]}に印を付ける` }).check();
  await page.locator('#action').selectOption('message');
  await press(page, '次へ');
  await page.waitForURL('**/office/cases/bulk');
  await look('bulk');
  await fill(page, { subject: 'お知らせ', text: '来週は、お休みをいただきます。' });
  await press(page, '結果を確かめる');
  await page.getByRole('button', { name: '実行する' }).waitFor();
  await look('bulk-preview');
  await press(page, '実行する');
  await page.waitForURL('**/office/cases/bulk/*');
  return new URL(page.url()).pathname;
}

/** One case waits on a list, the other comes back with a question. */
async function approvals({ secretariat, sponsor }, numbers) {
  for (const [name, looks] of [['handed', true], ['asked', false]]) {
    const { page, look } = secretariat;
    await readyToPropose(page, numbers[name]);
    if (looks) await look('approvals-propose');
    await press(page, '一覧にして東京都に依頼する(1件)');
    await page.getByRole('heading', { name: '依頼の結果' }).waitFor();
    if (looks) await look('approvals-proposed');
  }
  const { page, look } = sponsor;
  await section(page, '承認');
  await look('approvals-of-tokyo');
  await openList(page, numbers.asked);
  await look('approvals-list-of-tokyo');
  await page.getByRole('checkbox', { name: `${numbers.asked}を選ぶ` }).check();
  await press(page, '選んだ案件を質問を付けて差し戻す');
  await page.locator('.error-summary').waitFor();
  await look('approvals-mistake', 422);
  await page.getByRole('checkbox', { name: `${numbers.asked}を選ぶ` }).check();
  await page.locator('#question').fill('従業員数の確認は、どのようになさいましたか。');
  await press(page, '選んだ案件を質問を付けて差し戻す');
  await page.getByRole('heading', { name: '差戻しの確認' }).waitFor();
  await look('approvals-send-back');
  await press(page, '質問を付けて差し戻す(1件)');
  await page.getByRole('heading', { name: '判断の結果' }).waitFor();
  await look('approvals-sent-back');
  await section(secretariat.page, '承認');
  await secretariat.page.locator('tr').filter({ hasText: numbers.asked }).locator('a').first().click();
  await secretariat.page.getByText('質問への回答').waitFor();
  await secretariat.look('approvals-question');
}

/** Tokyo opens the lists that wait until the case is on one. */
async function openList(page, number) {
  const links = page.getByRole('table', { name: '判断を待つ一覧' }).locator('tbody th a');
  const paths = await links.evaluateAll((all) => all.map((link) => link.href));
  for (const path of paths) {
    await page.goto(path);
    if (await page.locator(`#case-${number}`).count()) return;
  }
  throw new Error(`${number} is on no list`);
}

async function waiting(office, { page, look }) {
  await page.goto(`${office.url}/office/waiting/${R6.id}/utm`);
  await look('waiting-course');
  await press(page, '案内の内容を確かめる');
  await page.waitForURL('**/offer');
  await page.locator('h1').waitFor();
  await look('waiting-offer');
}

async function earlierSupport({ page, look }) {
  await section(page, '過去の支援');
  await press(page, '読み込んで確かめる');
  await page.locator('.error-summary').waitFor();
  await look('earlier-support-mistakes', 422);
  const sheet = '会社名,法人番号,支援の種類,年度\r\n旧みほん工業,7000012050002,UTM,令和5年度\r\n架空商会,123,UTM,令和5年度\r\n';
  await page.locator('#file').setInputFiles({ name: 'r5.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) });
  await press(page, '読み込んで確かめる');
  await page.waitForURL('**/office/earlier-support/lists/*');
  await look('earlier-support-to-mend');
  return new URL(page.url()).pathname;
}

async function administration(office, { page, look }) {
  await page.goto(`${office.url}/office/users/new`);
  await press(page, '登録してメールを送る');
  await page.locator('.error-summary').waitFor();
  await look('users-mistakes', 422);
  await page.goto(`${office.url}/office/tokens/new`);
  await press(page, 'トークンを作る');
  await page.locator('.error-summary').waitFor();
  await look('tokens-mistakes', 422);
  await page.locator('main [name=name]').fill('会計システム');
  for (const name of ['role', 'days']) await page.locator(`main [name=${name}]`).first().check();
  await press(page, 'トークンを作る');
  await page.locator('.secret').waitFor();
  await look('tokens-made');
  await section(page, '連携');
  await press(page, '登録して鍵を表示する');
  await page.locator('.error-summary').waitFor();
  await look('webhooks-mistakes', 422);
  await page.locator('main [name=url]').fill('https://example.jp/sonae');
  await page.locator('main [name=events]').first().check();
  await press(page, '登録して鍵を表示する');
  await page.locator('.secret').waitFor();
  await look('webhooks-secret');
  await revision(office, { page, look });
}

/** A new edition of R7 with one word changed. */
async function revision(office, { page, look }) {
  await page.goto(`${office.url}/office/programs/${R7.id}`);
  await press(page, '調べて、違いを見る');
  await page.locator('.error-summary').waitFor();
  await look('programs-mistakes', 422);
  const names = ['eligibility', 'events', 'flow', 'form', 'mail', 'notices', 'program', 'support'].map((name) => `${name}.toml`);
  const texts = await Promise.all(names.map((name) => readFile(join(ROOT, 'programs', R7.id, name), 'utf8')));
  const changed = (text) => text.replace('title = "要件の確認"', 'title = "要件の確認(書類)"');
  const files = names.map((name, at) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(changed(texts[at])) }));
  await page.locator('#files').setInputFiles(files);
  await press(page, '調べて、違いを見る');
  await page.waitForURL('**/revisions/*');
  await look('programs-revision-new');
}

async function ownAccount({ page, look, secret }) {
  await page.locator('.office-person a').click();
  await page.waitForURL('**/office/account');
  await press(page, '新しい回復コードを作る');
  await page.locator('.error-summary').waitFor();
  await look('account-mistake', 422);
  // The code of this half minute was given at the sign-in; the next one is taken already.
  await page.locator('main [name=code]').fill(code(secret, Date.now() + 30_000));
  await press(page, '新しい回復コードを作る');
  await page.locator('main .secret').waitFor();
  await look('account-recovery-codes');
}

/** A file beside a paper; the first one of a kind that cannot be kept. */
async function attached(office, { page, look }, numbers) {
  await page.goto(`${office.url}/office/cases/${numbers.decided}/papers/basic-policy`);
  await page.locator('#file').setInputFiles({ name: 'memo.exe', mimeType: 'text/plain', buffer: Buffer.from('MZ') });
  await press(page, '添付する');
  await page.locator('.error-summary').waitFor();
  await look('paper-attachment-mistake', 422);
  await page.locator('#file').setInputFiles({ name: 'memo.txt', mimeType: 'text/plain', buffer: Buffer.from('社長の確認が済みました。') });
  await press(page, '添付する');
  return await page.getByRole('link', { name: 'memo.txt' }).getAttribute('href');
}

async function states(office, { page, look }, numbers) {
  for (const name of ['correction', 'diagnosed', 'decided', 'waiting', 'offered', 'declined', 'screening', 'asked', 'judgement', 'approved']) {
    await page.goto(`${office.url}/office/cases/${numbers[name]}`);
    await look(`case-${name}`);
  }
}
