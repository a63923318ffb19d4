// One application stays one, whatever the fingers do: two clicks, the back button, a reload, a second window. And its receipt on paper.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { keep, launch, walk } from './browser.mjs';
import { openOffice, R7 } from './office.mjs';
import { begin, fillAll, press } from './visitor.mjs';

let browser;
let office;
before(async () => {
  browser = await launch();
  office = await openOffice(R7);
});
after(async () => {
  await browser.close();
  await office.close();
});

test('two clicks on 「送信する」 make one application', async () => {
  await walk(browser, { name: 'two-clicks' }, async (page) => {
    const before = await taken();
    await toConfirmation(page);
    await page.getByRole('button', { name: '送信する' }).dblclick({ noWaitAfter: true });
    // The second click may break off the first one's navigation, so the page is waited for and not its loading.
    await page.locator('.receipt-number').waitFor();
    assert.equal(await taken(), before + 1);
  });
});

test('back, reload and a second window lead to the same receipt', async () => {
  await walk(browser, { name: 'back-button' }, async (page) => {
    const path = await toConfirmation(page);
    const second = await page.context().newPage();
    await second.goto(`${office.url}${path}/confirm`);
    const before = await taken();
    await press(page, '送信する');
    await page.waitForURL('**/applications/**');
    const receipt = page.url();
    await page.goBack();
    await page.waitForURL(receipt);
    await page.reload();
    assert.equal(page.url(), receipt);
    await press(second, '送信する');
    await second.waitForURL(receipt);
    await page.goto(`${office.url}${path}`);
    assert.equal(page.url(), receipt, 'the form\'s own link leads there too');
    assert.equal(await taken(), before + 1);
  });
});

test('the receipt is fit for paper', async () => {
  await walk(browser, { name: 'print' }, async (page) => {
    await toConfirmation(page);
    await press(page, '送信する');
    await page.waitForURL('**/applications/**');
    await page.emulateMedia({ media: 'print' });
    const number = page.locator('.receipt-number');
    assert.equal(await number.isVisible(), true);
    for (const hidden of ['.site-help', '.crumbs', '.site-links', '.no-print']) {
      const shown = await page.locator(hidden).evaluateAll((all) => all.filter((element) => element.checkVisibility()).length);
      assert.equal(shown, 0, `${hidden} is not printed`);
    }
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    await keep('receipt.pdf', pdf);
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(sheets >= 1 && sheets <= 2, `${sheets} sheets`);
  });
});

async function toConfirmation(page) {
  const path = await begin(page, office, R7.id);
  await fillAll(page, R7.id);
  return path;
}

/** How many places of the course are taken, as the interface tells. */
async function taken() {
  const programme = await (await fetch(`${office.url}/api/v1/programs/${R7.id}`)).json();
  return programme.courses.find((course) => course.id === 'it_bcp').places.taken;
}
