// The people of the office, each with a browser of her own: added by the command line, signed in by her link and an authenticator.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';

import { DESKTOP, picture, visit } from './browser.mjs';
import { PROGRAM } from './office.mjs';
import { press } from './visitor.mjs';

/** The names under which the tests know their people. */
export const NAMES = {
  secretariat: '事務 あおい',
  sponsor: '都庁 みどり',
  expert: '専門 たけし',
  technician: '技術 まこと',
  desk: '窓口 ひかり',
  admin: '管理 つかさ',
};

/** Adds the person of a role, or finds her, and gives a link with which she can sign in once. Who comes in another `season` is somebody else. */
export async function invitation(office, role, season = 'first') {
  const argv = ['user', 'add', ...office.where, '--role', role, '--email', `${role}-${season}@office.example.jp`, '--name', NAMES[role], '--base-url', office.url];
  const { stdout } = await promisify(execFile)(PROGRAM, argv);
  return stdout.match(/^http\S+/m)[0];
}

/**
 * Signs in for the first time: link, authenticator, recovery codes. Ends at the office's first page and gives the authenticator's secret.
 * @param {import('playwright-core').Page} page
 * @param {(name: string) => Promise<void>} look Called on each page on the way.
 */
export async function signIn(page, office, role, season, look = async () => {}) {
  await page.goto(await invitation(office, role, season));
  await look('sign-in-link');
  await press(page, 'サインインを続ける');
  await page.waitForURL('**/sign-in/enrol');
  await look('sign-in-enrol');
  const secret = (await page.locator('.secret').innerText()).replace(/\s/g, '');
  await page.locator('main [name=code]').fill(code(secret, Date.now()));
  await press(page, '登録してサインインする');
  const onwards = page.getByRole('link', { name: '控えたので、先へ進む' });
  await onwards.waitFor();
  await look('sign-in-enrolled');
  await onwards.click();
  await page.waitForURL('**/office**');
  return secret;
}

/**
 * Runs `play` with a page for each role, every one signed in in a browser context of its own, and a company with a phone. Nothing they share
 * but the office. When it fails, a picture of each is kept; when it succeeds, nothing may have been complained of.
 * @param {import('playwright-core').Browser} browser
 * @param {(pages: Record<string, import('playwright-core').Page>) => Promise<void>} play
 */
export async function cast(browser, office, { name, roles, season }, play) {
  const visits = { company: await visit(browser) };
  try {
    for (const role of roles) {
      visits[role] = await visit(browser, { viewport: DESKTOP });
      await signIn(visits[role].page, office, role, season);
    }
    await play(Object.fromEntries(Object.entries(visits).map(([role, { page }]) => [role, page])));
    for (const [role, { complaints }] of Object.entries(visits)) assert.deepEqual(complaints, [], role);
  } catch (error) {
    for (const [role, { page }] of Object.entries(visits)) {
      error.message += `\n${role} at ${page.url()}`;
      await picture(page, `failed-${name}-${role}`).catch(() => {});
    }
    throw error;
  } finally {
    for (const { context } of Object.values(visits)) await context.close();
  }
}

/** The code that an authenticator shows at an instant in milliseconds (RFC 6238 with the defaults of every app). */
export function code(secret, instant) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(instant / 30_000)));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = digest.at(-1) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(text) {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
