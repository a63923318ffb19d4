// The company's papers and their answers: asking, tables, spreadsheets, risk, checks, reading and accepting, each with a mistake on the way.

import { R6 } from './office.mjs';
import { staged, WAY_R6 } from './portal.mjs';
import { body, fill, press } from './visitor.mjs';

/** One company that takes part and has answered, with two papers to read; and one that begins. */
function script() {
  const steps = [];
  for (const name of ['answered', 'begins']) {
    steps.push({ case: name, program: R6.id, answers: body(name, ['edr', 'guidance']) });
    for (const [actor, event] of WAY_R6) steps.push({ case: name, actor, event });
  }
  steps.push({ case: 'answered', sample: '20' });
  for (const kind of ['basic-policy', 'asset-ledger', 'security-regulations']) steps.push({ case: 'answered', review: kind });
  return { clock: R6.clock, steps };
}

/**
 * @param {import('playwright-core').Page} page
 * @param {(name: string, status?: number) => Promise<void>} look Called on each page with the status it must have been answered with.
 */
export async function papers(page, look) {
  await staged(script(), '2024-06-03T10:10:00+09:00', undefined, async (office, paths) => {
    await begins(page, `${office.url}${paths.begins}`, look);
    await answers(page, `${office.url}${paths.answered}/papers`, look);
    await reads(page, `${office.url}${paths.answered}`, look);
  });
}

async function begins(page, home, look) {
  await page.goto(home);
  await look('papers-home-nothing-yet');
  await page.getByRole('link', { name: '文書(会社にお渡しするもの)' }).click();
  await page.waitForURL('**/papers');
  await look('papers-list-begins');
  await page.locator('main a[href$="/answers/basic-policy/1"]').click();
  await page.waitForURL('**/answers/basic-policy/1');
  await look('papers-section');
  await fill(page, { representative_title: '代表取締役', representative_name: '髙橋 𠮷子', business: '食品の卸売', trade: 'wholesale', employees: '約五十' });
  await press(page, '保存して次へ');
  await page.locator('.error-summary').waitFor();
  await look('papers-section-mistake', 422);
  await fill(page, { employees: '４５人' });
  await press(page, '保存して次へ');
  await page.waitForURL('**/answers/basic-policy/2');
  await look('papers-section-yes-no');
  await fill(page, { personal_data: 'true', cloud: 'true', telework: 'false' });
  await press(page, '保存して次へ');
  await page.waitForURL('**/answers/basic-policy/3');
  await look('papers-section-tables');
  await press(page, '「人」の表に書く');
  await page.waitForURL('**/tables/people?**');
  await look('papers-table-empty');
  await fill(page, { 'people.new1.name': '髙橋 𠮷子', 'people.new1.left_on': 'いつか', 'people.new2.name': '備え 太郎', 'people.new2.mobile': '03-0000-0012' });
  await press(page, '保存して行を増やす');
  await page.locator('.error-summary').waitFor();
  await look('papers-table-mistake', 422);
  await fill(page, { 'people.new1.left_on': '' });
  await press(page, '保存して行を増やす');
  await page.waitForURL('**more=1**');
  await look('papers-table-more');
  await press(page, '保存して「情報セキュリティ基本方針：責任を持つ人」へ戻る');
  await page.waitForURL('**/answers/basic-policy/3#people');
  await look('papers-section-after-table');
}

async function answers(page, home, look) {
  for (const [name, path] of [
    ['ledger', '/tables/assets'],
    ['systems', '/tables/systems'],
    ['roles', '/tables/roles'],
    ['risks', '/risks'],
    ['checks', '/checks'],
    ['stars', '/security-action'],
    ['plan', '/answers/implementation-plan/2'],
    ['sheet', '/tables/assets/sheet'],
  ]) {
    await page.goto(home + path);
    await look(`papers-${name}`);
  }
  await fill(page, { sheet: '情報資産の名称\t血液型\n備え\tA' });
  await press(page, '内容を確かめる');
  await page.locator('.error-summary').waitFor();
  await look('papers-sheet-mistake', 422);
  await fill(page, { sheet: '情報資産の名称\t機密性\t完全性\t可用性\t脅威の起こりやすさ\t対策の足りなさ\n見積書\t2\t2\t1\t2\t2\n名簿\t高い\t1\t1\t1\t1' });
  await press(page, '内容を確かめる');
  await page.locator('text=まだ取り込んでいません').waitFor();
  await look('papers-sheet-preview');
  await press(page, '1行を取り込む');
  await page.waitForURL('**/tables/assets?saved=1');
  await look('papers-ledger-taken');
}

async function reads(page, home, look) {
  await page.goto(home);
  await look('papers-home');
  await page.getByRole('link', { name: '文書の一覧を開く' }).click();
  await page.waitForURL('**/papers');
  await look('papers-list');
  for (const kind of ['asset-ledger', 'security-regulations', 'basic-policy']) {
    await page.goto(`${home}/papers/${kind}`);
    await look(`papers-read-${kind}`);
  }
  await press(page, 'コメントを送る');
  await page.locator('.error-summary').waitFor();
  await look('papers-comment-mistake', 422);
  await fill(page, { text: '責任者の名前は、これで合っています。' });
  await press(page, 'コメントを送る');
  await page.waitForURL('**commented=1**');
  await look('papers-commented');
  await page.goto(`${home}/papers/security-regulations/return`);
  await look('papers-return');
  await press(page, '専門家に伝える');
  await page.locator('.error-summary').waitFor();
  await look('papers-return-mistake', 422);
  await fill(page, { what: '第3条の責任者を、総務部長に変えてください。' });
  await press(page, '専門家に伝える');
  await page.waitForURL('**returned=1');
  await look('papers-returned');
  await page.goto(`${home}/papers/basic-policy/accept`);
  await look('papers-accept');
  await press(page, '第1版を承認する');
  await page.waitForURL('**accepted=1');
  await look('papers-accepted');
  await page.goto(`${home}/papers/basic-policy`);
  await look('papers-read-accepted');
  await page.goto(`${home}/papers/basic-policy/return`);
  await look('papers-return-late', 409);
}
