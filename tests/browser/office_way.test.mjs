// The office in real Chromium, from the sign-in on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, walk } from './browser.mjs';
import { openOffice, R6 } from './office.mjs';
import { signIn } from './staff.mjs';

let browser;
let office;
before(async () => {
  browser = await launch();
  office = await openOffice(R6);
});
after(async () => {
  await browser.close();
  await office.close();
});

test('the secretariat signs in', async () => {
  await walk(browser, { name: 'sign-in' }, async (page) => {
    await signIn(page, office, 'secretariat');
    assert.ok(await page.locator('.office-nav').isVisible());
  });
});
