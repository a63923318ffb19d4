// The keyboard and where its focus is. Wherever it goes, it can be seen.

import assert from 'node:assert/strict';

import { eventually } from './office.mjs';

/** The most stops a person would put up with on one page. */
const MOST_STOPS = 60;

/** Presses Tab until the focus is where it should be; every stop on the way must be visible. */
export async function tabTo(page, wanted) {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await focus(page);
    if (at.tag === 'BODY') continue;
    seen(at);
    if (wanted(at)) return;
  }
  assert.fail(`Tab does not reach it on ${page.url()}`);
}

/** Complains about a focus that nobody sees. */
function seen(at) {
  assert.ok(at.outline >= 2, `the focus on 「${at.text || at.name}」 has an outline: ${JSON.stringify(at)}`);
  assert.ok(at.shown, `the focus on 「${at.text || at.name}」 is on the screen: ${JSON.stringify(at)}`);
}

/** Presses Tab through a page that was just opened: every stop is seen, and none comes before the one that was left. Gives their number. */
export async function tabThrough(page) {
  const places = [];
  for (let stop = 0; stop < 4 * MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await focus(page);
    if (at.tag === 'BODY' || at.place === places[0]) return places.length;
    seen(at);
    assert.ok(places.every((place) => place < at.place), `Tab goes back to 「${at.text || at.name}」`);
    places.push(at.place);
  }
  return assert.fail(`Tab never comes to the end of ${page.url()}`);
}

/** Waits until the focus is where it should be: a key's effect may come with a later frame, or with the page it leads to. */
export async function focused(page, wanted, complaint) {
  let at;
  const held = await eventually(async () => {
    // While one page gives way to the next there is nobody to ask.
    at = (await focus(page).catch(() => undefined)) ?? at;
    return at && wanted(at);
  });
  assert.ok(held, `${complaint}: ${JSON.stringify(at)}`);
}

/** What has the focus and how it shows. */
export function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const inside = box.width > 0 && box.height > 0 && box.top >= -1 && box.top < innerHeight && box.left >= -1 && box.right <= innerWidth + 1;
    const over = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
    return {
      tag: element.tagName,
      id: element.id,
      className: element.className,
      place: [...document.querySelectorAll('*')].indexOf(element),
      name: element.name,
      href: element.getAttribute('href'),
      value: element.value,
      text: element.textContent.trim().slice(0, 60),
      outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      shown: inside && (over === element || element.contains(over) || Boolean(over?.contains(element))),
      box: [box.left, box.top, box.right, box.bottom].map(Math.round).join(' '),
    };
  });
}
