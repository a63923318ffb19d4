// The company's papers, from the first answer to acceptance: accessible at 360 and 1280 pixels, and the same with JavaScript switched off.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, walk } from './browser.mjs';
import { htmlErrors, inspect, remember } from './inspect.mjs';
import { papers } from './papers.mjs';

/** The names under which pages were kept. */
const kept = [];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('every page of the papers in every state', async () => {
  const findings = [];
  await walk(browser, { name: 'papers' }, async (page) => {
    const { pages, statuses } = remember(page);
    await papers(page, async (name, status = 200) => {
      await page.waitForLoadState();
      const answered = statuses.get(page.url().replace(/#.*/, ''));
      if (answered !== status) findings.push(`${name} was answered with ${answered} instead of ${status}`);
      await inspect(page, { name, findings, pages, scripted: new Set() });
      kept.push(name);
    });
  });
  assert.deepEqual(findings, []);
  assert.ok(kept.length >= 30, `only ${kept.length} states were looked at`);
});

test('the same with JavaScript switched off', async () => {
  const wrong = [];
  await walk(browser, { name: 'papers-without-scripts', scripts: false }, async (page) => {
    const { statuses } = remember(page);
    await papers(page, async (name, status = 200) => {
      await page.waitForLoadState();
      const answered = statuses.get(page.url().replace(/#.*/, ''));
      if (answered !== status) wrong.push([name, answered, status]);
    });
  });
  assert.deepEqual(wrong, []);
});

test('the Nu HTML checker finds no error in them', async () => {
  assert.deepEqual(await htmlErrors(kept), []);
});
