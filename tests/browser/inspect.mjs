// What every page must be, whatever it says: accessible, no wider than the screen, quiet on the console, and kept to be looked at.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ARTIFACTS, DESKTOP, keep, PHONE, picture } from './browser.mjs';

const { resolve } = createRequire(import.meta.url);
const axe = readFileSync(resolve('axe-core/axe.min.js'), 'utf8');
const jar = resolve('vnu-jar/build/dist/vnu.jar');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The narrowest screen of WCAG 2.2 1.4.10: 1280 pixels at 400 %. */
const NARROWEST = { width: 320, height: 256 };
/** A desktop at 200 %. */
const ZOOMED = { width: 640, height: 400, deviceScaleFactor: 2 };

/**
 * Looks at a page in all sizes and adds what is wrong to `findings`.
 * @param {import('playwright-core').Page} page
 * @param {{ name: string, findings: string[], pages: Map<string, string>, scripted: Set<string> }} tour
 */
export async function inspect(page, { name, findings, pages, scripted }) {
  // What is folded away must be as good as the rest.
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  for (const [size, viewport] of [['360', PHONE], ['1280', DESKTOP]]) {
    await page.setViewportSize(viewport);
    for (const violation of await violations(page)) findings.push(`${name} at ${size}: ${violation}`);
    const wide = await tooWide(page);
    if (wide) findings.push(`${name} at ${size} scrolls sideways: ${wide}`);
    await picture(page, `${name}-${size}`);
  }
  const session = await page.context().newCDPSession(page);
  for (const size of [NARROWEST, ZOOMED]) {
    await session.send('Emulation.setDeviceMetricsOverride', { deviceScaleFactor: 1, mobile: false, ...size });
    const wide = await tooWide(page);
    if (wide) findings.push(`${name} at ${size.width} (zoomed) scrolls sideways: ${wide}`);
  }
  await session.send('Emulation.clearDeviceMetricsOverride');
  await session.detach();
  await page.setViewportSize(PHONE);
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map((element) => element.id));
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length) findings.push(`${name}: the id ${twice[0]} stands twice`);
  if (await page.evaluate(() => document.scripts.length)) scripted.add(name);
  await keep(`${name}.html`, pages.get(page.url().replace(/#.*/, '')) ?? '');
}

/** What axe-core finds, a line for each kind of violation with the first element it concerns. */
async function violations(page) {
  // The page's policy forbids foreign scripts, so axe comes in by the debugger and the policy stays as it is.
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), RULES);
  return found.violations.map(({ id, help, nodes }) => `${id} (${help}), ${nodes.length} times, first ${nodes[0].html.slice(0, 200)} ${nodes[0].any[0]?.message ?? ''}`);
}

/** The first element that is wider than the window, if the page scrolls sideways. */
function tooWide(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return '';
    const wide = [...document.querySelectorAll('main *, header *, footer *')].find((element) => element.getBoundingClientRect().right > width + 1);
    return wide?.outerHTML.slice(0, 160) ?? 'something';
  });
}

/** Remembers every page as it was served, and the status it was answered with, under its address; the last one counts. */
export function remember(page) {
  const pages = new Map();
  const statuses = new Map();
  page.on('response', async (response) => {
    const isPage = response.request().isNavigationRequest() && response.headers()['content-type']?.startsWith('text/html');
    if (!isPage) return;
    statuses.set(response.url(), response.status());
    pages.set(response.url(), await response.text().catch(() => ''));
  });
  return { pages, statuses };
}

/** What the Nu HTML checker says about kept pages, a line for each message. */
export async function htmlErrors(names) {
  const argv = ['-jar', jar, '--stdout', '--format', 'json', '--exit-zero-always', ...names.map((name) => join(ARTIFACTS, `${name}.html`))];
  const { stdout } = await promisify(execFile)('java', argv, { maxBuffer: 1 << 26 });
  const line = ({ type, subType, url, lastLine, message, extract }) => `${subType ?? type} ${url?.split('/').pop()}:${lastLine} ${message} ${extract ?? ''}`;
  return JSON.parse(stdout).messages.map(line);
}
