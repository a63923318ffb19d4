// Every public page and every page of the portal in every state: axe-core finds nothing at 360 and 1280 pixels, with and without the site's scripts; nothing scrolls
// sideways, also zoomed; the console stays quiet under the page's own policy; the Nu HTML checker finds no error.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, walk } from './browser.mjs';
import { htmlErrors, inspect, remember } from './inspect.mjs';
import { portal } from './portal.mjs';
import { tour } from './tour.mjs';

/** Pages that carry a script, as the first tour found them. */
const scripted = new Set();
/** The names under which pages were kept. */
const kept = [];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('every page in every state', async () => {
  const looked = await look('', async () => {});
  assert.ok(looked.length >= 80, `only ${looked.length} states were looked at`);
});

test('the same with the site\'s scripts blocked', async (t) => {
  // A page without any script is the same page when scripts are blocked.
  if (scripted.size === 0) return t.diagnostic('no page has a script; the first tour was without one already');
  await look('plain-', (page) => page.route('**/*', (route) => (route.request().resourceType() === 'script' ? route.abort() : route.continue())));
});

test('the whole portal with JavaScript switched off', async () => {
  const answers = [];
  await walk(browser, { name: 'portal-without-scripts', scripts: false }, async (page) => {
    const { statuses } = remember(page);
    await portal(page, async (name, status = 200) => {
      await page.waitForLoadState();
      answers.push([name, statuses.get(page.url().replace(/#.*/, '')), status]);
    });
  });
  assert.deepEqual(answers.filter(([, answered, status]) => answered !== status), []);
  assert.ok(answers.length >= 30, `only ${answers.length} states were looked at`);
});

test('the Nu HTML checker finds no error', async () => {
  assert.ok(kept.length >= 80, `only ${kept.length} pages were kept`);
  assert.deepEqual(await htmlErrors(kept), []);
});

/** One tour; gives the names of the states. */
async function look(prefix, prepare) {
  const findings = [];
  const looked = [];
  await walk(browser, { name: `${prefix}tour` }, async (page) => {
    await prepare(page);
    const { pages, statuses } = remember(page);
    const each = async (name, status = 200) => {
      await page.waitForLoadState();
      const answered = statuses.get(page.url().replace(/#.*/, ''));
      if (answered !== status) findings.push(`${name} was answered with ${answered} instead of ${status}`);
      await inspect(page, { name: prefix + name, findings, pages, scripted });
      looked.push(name);
      kept.push(prefix + name);
    };
    await tour(page, each);
    await portal(page, each);
  });
  assert.deepEqual(findings, []);
  assert.equal(new Set(looked).size, looked.length, 'every state has a name of its own');
  return looked;
}
