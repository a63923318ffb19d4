// Chromium as a visitor has it: on a phone or a desktop, with or without JavaScript.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { ROOT } from './office.mjs';

/** Screenshots and pages for people to look at. */
export const ARTIFACTS = join(process.env.SONAE_ARTIFACTS ?? join(ROOT, 'target/ci-artifacts'), 'browser');

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  return chromium.launch({ executablePath: process.env.SONAE_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/**
 * A page of its own, and what went wrong on it: console messages, script errors, requests to anybody else.
 * @param {import('playwright-core').Browser} browser
 */
export async function visit(browser, { scripts = true, viewport = PHONE } = {}) {
  const context = await browser.newContext({ viewport, javaScriptEnabled: scripts, locale: 'ja-JP', timezoneId: 'Asia/Tokyo' });
  context.setDefaultTimeout(Number(process.env.SONAE_BROWSER_PATIENCE ?? 20_000));
  const page = await context.newPage();
  const complaints = [];
  // A page answered with 403, 404, 409, 410 or 422 is what was asked for here; Chromium reports each as if something had failed to load.
  const expected = /^Failed to load resource: the server responded with a status of (403|404|409|410|422)/;
  page.on('console', (message) => {
    const worth = ['error', 'warning'].includes(message.type()) && !expected.test(message.text());
    if (worth) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    const home = new URL(request.url());
    if (home.protocol.startsWith('http') && home.hostname !== '127.0.0.1') complaints.push(`${page.url()} asks ${home.host}`);
  });
  return { page, context, complaints };
}

/**
 * A visit from beginning to end. When it fails, a picture of where it stood is kept; when it succeeds, nothing may have been complained of.
 * @param {(page: import('playwright-core').Page) => Promise<void>} walk
 */
export async function walk(browser, { name, ...settings }, walk) {
  const { page, context, complaints } = await visit(browser, settings);
  try {
    await walk(page);
    assert.deepEqual(complaints, []);
  } catch (error) {
    await picture(page, `failed-${name}`).catch(() => {});
    error.message += `\nat ${page.url()}, picture failed-${name}.png`;
    throw error;
  } finally {
    await context.close();
  }
}

/** Keeps a picture of the whole page. */
export async function picture(page, name) {
  await keep(`${name}.png`, await page.screenshot({ fullPage: true }));
}

export async function keep(name, content) {
  await mkdir(ARTIFACTS, { recursive: true });
  await writeFile(join(ARTIFACTS, name), content);
}
