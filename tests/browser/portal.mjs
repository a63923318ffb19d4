// Every page of the company's portal in every state it can be in. The cases are brought there by `stage`, with the events that people
// cause; what is looked at is the caller's business.

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { folder, openOffice, PROGRAM, R6, R7, tinyProgrammes } from './office.mjs';
import { body, fill, press } from './visitor.mjs';

const CALLED = { event: 'contacted', channel: 'phone', outcome: 'reached', note: '' };
const RECORD = { network: '光回線とルーター1台', hub_ports: true, computers: 12 };

/** The steps that bring a case of R6 to participation; a state is how many of them were taken. */
export const WAY_R6 = [
  ['secretariat', CALLED],
  ['company', { event: 'agreed' }],
  ['expert', CALLED],
  ['expert', { event: 'diagnosed', record: RECORD, done: true }],
  ['secretariat', { event: 'proposed' }],
  ['sponsor', { event: 'approved' }],
  ['secretariat', { event: 'courses_decided', courses: ['guidance'], reason: '機器は間に合っているため' }],
];

const CORRECTION = {
  event: 'correction_requested',
  message: '従業員の数と住所を、登記と見比べてください。\nビルの名前が変わっていませんか。',
  fields: ['employees', 'postcode', 'prefecture', 'address_line1', 'past_support', 'pledges'],
};
const DECLINED = { event: 'declined', reason: 'すでに同じ内容の支援を受けているため、要件を満たしていません。', clause: '10(1)' };
const WRITTEN = { event: 'messaged', subject: '訪問の日程', text: '来週の火曜日は、いかがですか。\nご都合をお知らせください。' };

/** R6, every course with two places and one who waits. */
export function scriptR6() {
  const steps = [];
  const apply = (name, courses) => steps.push({ case: name, program: R6.id, answers: body(steps.length, courses) });
  const cause = (name, actor, event, at) => steps.push({ case: name, actor, event, at });
  const walk = (name, count) => WAY_R6.slice(0, count).forEach(([actor, event]) => cause(name, actor, event));
  const states = { called: 1, agreed: 2, diagnosed: 4, decided: 7 };
  // Whoever ends gives the places back, so that there are enough for all.
  apply('declined', ['guidance']);
  cause('declined', 'secretariat', DECLINED, '2024-06-03T09:30:00+09:00');
  apply('held', ['utm']);
  apply('leaves', ['utm']);
  apply('offered', ['utm']);
  cause('leaves', 'company', { event: 'withdrawn', reason: '' });
  cause('offered', 'system', { event: 'offered', course: 'utm' });
  apply('waiting', ['utm']);
  apply('correction', ['guidance']);
  cause('correction', 'secretariat', CORRECTION);
  apply('diagnosed', ['edr']);
  walk('diagnosed', states.diagnosed);
  apply('decided', ['edr', 'guidance']);
  walk('decided', states.decided);
  apply('called', ['guidance']);
  walk('called', states.called);
  cause('called', 'secretariat', WRITTEN, '2024-06-03T09:30:00+09:00');
  cause('called', 'company', { event: 'messaged', subject: '', text: '火曜日でお願いします。' });
  return { clock: R6.clock, steps };
}

export function scriptR7() {
  const answers = (name) => ({ ...body(name, ['csirt']), equivalent_subsidy: undefined, measures: { utm_or_edr_installed: true, two_star_level_policy: true }, continuing_measures: true });
  const steps = ['screening', 'questionnaire', 'renewed'].map((name) => ({ case: name, program: R7.id, answers: answers(name) }));
  for (const [actor, event] of [['secretariat', { event: 'screened' }], ['secretariat', { event: 'proposed' }], ['sponsor', { event: 'approved' }]]) {
    steps.push({ case: 'questionnaire', actor, event });
  }
  steps.push({ case: 'renewed', actor: 'secretariat', event: { event: 'link_renewed', reason: 'ほかの方の目に触れたため' } });
  return { clock: R7.clock, steps };
}

/**
 * @param {import('playwright-core').Page} page
 * @param {(name: string, status?: number) => Promise<void>} look Called on each page with the status it must have been answered with.
 */
export async function portal(page, look) {
  const programs = await tinyProgrammes();
  try {
    await staged(scriptR6(), '2024-06-03T10:10:00+09:00', programs, (office, paths) => r6(page, office, paths, look));
  } finally {
    await rm(programs, { recursive: true, force: true });
  }
  await staged(scriptR7(), '2025-06-02T10:10:00+09:00', undefined, (office, paths) => r7(page, office, paths, look));
}

async function r6(page, office, paths, look) {
  const show = async (name, state, path = '', status = 200) => {
    await page.goto(`${office.url}${paths[state]}${path}`);
    await look(`portal-${name}`, status);
  };
  for (const state of ['held', 'offered', 'waiting', 'correction', 'called', 'diagnosed', 'decided', 'declined', 'leaves']) {
    await show(state, state);
  }
  await show('receipt', 'held', '/receipt');
  await show('not-now', 'held', '/agree');
  await show('diagnosis', 'diagnosed', '/diagnosis');
  await show('diagnosis-decided', 'decided', '/diagnosis');
  await show('messages-empty', 'held', '/messages');
  await show('messages', 'called', '/messages');
  await press(page, '送る');
  await look('portal-messages-mistake', 422);
  await fill(page, { text: 'その日は、社長も同席します。' });
  await press(page, '送る');
  await page.waitForURL('**/messages?sent=1');
  await look('portal-messages-sent');
  await show('correct', 'correction', '/correct');
  await fill(page, { employees: '約五十', postcode: '100-0001' });
  await press(page, '住所を自動入力');
  await page.locator('#suggestion').waitFor();
  await look('portal-correct-address');
  await press(page, 'この内容で送る');
  await page.locator('.error-summary').waitFor();
  await look('portal-correct-mistakes', 422);
  await fill(page, { employees: '６０人' });
  await press(page, 'この内容で送る');
  await page.waitForURL('**?done=correct');
  await look('portal-correct-done');
  await show('offer', 'offered', '/offer/utm');
  await press(page, '返事を送る');
  await page.locator('.error-summary').waitFor();
  await look('portal-offer-mistake', 422);
  await fill(page, { answer: 'accept' });
  await press(page, '返事を送る');
  await page.waitForURL('**?done=offer');
  await show('agree', 'called', '/agree');
  await press(page, '了承して送る');
  await page.locator('.error-summary').waitFor();
  await look('portal-agree-mistake', 422);
  await fill(page, { agreed: ['yes'] });
  await press(page, '了承して送る');
  await page.waitForURL('**?done=agree');
  await look('portal-agree-done');
}

async function r7(page, office, paths, look) {
  await page.goto(`${office.url}${paths.renewed}`);
  await look('portal-renewed', 410);
  await page.goto(`${office.url}${paths.screening}`);
  await look('portal-screening');
  await page.goto(`${office.url}${paths.questionnaire}`);
  await look('portal-questionnaire-asked');
  await page.getByRole('link', { name: '事前問診に答える' }).click();
  await page.waitForURL('**/questionnaire');
  await look('portal-questionnaire');
  await fill(page, { goal: '連絡網を作る', it_staff: '多い' });
  await press(page, '保存して中断');
  await page.waitForURL('**/questionnaire?saved=1');
  await look('portal-questionnaire-saved');
  await press(page, '確認画面へ進む');
  await page.locator('.error-summary').waitFor();
  await look('portal-questionnaire-mistakes', 422);
  await fill(page, ANSWERS);
  await press(page, '確認画面へ進む');
  await page.waitForURL('**/questionnaire/confirm');
  await look('portal-questionnaire-confirm');
  await press(page, '送信する');
  await page.waitForURL('**?done=questionnaire');
  await look('portal-confirmed');
  await page.getByRole('link', { name: '事前問診のご回答' }).click();
  await page.waitForURL('**/questionnaire');
  await look('portal-questionnaire-answered');
  await page.goto(`${office.url}/status`);
  await fill(page, { receipt_number: 'KT-333', email: 'sonae' });
  await press(page, 'メールで受け取る');
  await page.locator('.error-summary').waitFor();
  await look('status-mistakes', 422);
  await page.goto(`${office.url}/status/asked`);
  await look('status-asked');
}

export const ANSWERS = {
  participants: '社長、総務(情報システム兼任)',
  visit_time: '火曜と木曜の午後',
  goal: '連絡網を作る',
  it_staff: '１人',
  outsourcing: 'some',
  important_systems: '受発注のシステム',
  cloud: 'true',
  backup: 'connected',
  incident_contact: 'none',
  incident_history: 'not_told',
};

/** An office whose cases were staged; `walk` gets it with the private paths by name. */
export async function staged(script, clock, programs, walk) {
  const data = await folder();
  try {
    const { cases } = await stage(script, data, programs);
    const office = await openOffice({ clock, data, programs });
    try {
      await walk(office, cases);
    } finally {
      await office.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** Brings cases into their states; gives their private paths by name, and every route of the office with the roles that may. */
export function stage(script, data, programs) {
  const argv = ['--data', data, ...(programs ? ['--programs', programs] : [])];
  return new Promise((resolve, reject) => {
    const child = spawn(join(dirname(PROGRAM), 'examples/stage'), argv, { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (text) => (said[stream] += text));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(said.stdout)) : reject(new Error(said.stderr))));
    child.stdin.end(JSON.stringify(script));
  });
}
