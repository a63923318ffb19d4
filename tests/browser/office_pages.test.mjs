// Every page of the office: axe-core finds nothing at 360 and 1280 pixels, nothing scrolls sideways, the console stays quiet, the Nu HTML
// checker finds no error. The routes come from the door, so that a new page cannot be forgotten.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, picture, visit } from './browser.mjs';
import { htmlErrors, inspect, remember } from './inspect.mjs';
import { officeTour } from './office_tour.mjs';

/** The names under which pages were kept. */
const kept = [];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('every page of the office', async () => {
  const findings = [];
  const visits = [];
  const come = async (role) => {
    const { page, context, complaints } = await visit(browser);
    visits.push({ role, page, context, complaints });
    const { pages, statuses } = remember(page);
    const look = async (name, status = 200) => {
      await page.waitForLoadState();
      const answered = statuses.get(page.url().replace(/#.*/, ''));
      if (answered !== status) findings.push(`${name} was answered with ${answered} instead of ${status}`);
      await inspect(page, { name: `office-${name}`, findings, pages, scripted: new Set() });
      kept.push(`office-${name}`);
    };
    return { page, look };
  };
  try {
    await officeTour(come);
    for (const { role, complaints } of visits) assert.deepEqual(complaints, [], role);
  } catch (error) {
    for (const { role, page } of visits) {
      error.message += `\n${role} at ${page.url()}`;
      await picture(page, `failed-office-pages-${role}`).catch(() => {});
    }
    if (findings.length) error.message += `\n${findings.join('\n')}`;
    throw error;
  } finally {
    for (const { context } of visits) await context.close();
  }
  assert.deepEqual(findings, []);
  assert.equal(new Set(kept).size, kept.length, 'every state has a name of its own');
});

test('the Nu HTML checker finds no error in the office', async () => {
  assert.ok(kept.length >= 80, `only ${kept.length} pages were kept`);
  assert.deepEqual(await htmlErrors(kept), []);
});
