// What the office's pages gain from a script. Every element it touches is a working form or link without it.
//
// - Keys: j and k move between the rows of [data-rows], x marks, / goes to the search, ? explains, Ctrl+K finds.
//   A row is [data-row] with a link (the first, or [data-open]) and, where it can be marked, a checkbox.
// - form[data-live="id …"]: while somebody types, the same address is fetched and the elements with these ids are swapped.
// - form[data-swap="id …"]: the form is sent by fetch and the elements are swapped by what comes back.
// - [data-dialog="id"]: opens that dialog instead of following the link.
// - [data-key="c"]: this single key follows the link.
// - [data-row-key="1"]: in the row that has the focus this key presses the button or follows the link; a button moves on to the next row.
// - Ctrl+Enter in a form sends it by its first button.
// - [data-command="words"]: a link or button that the palette finds under these words too.
// - [data-mark-all]: a checkbox, hidden without this script, that marks every row of the table or none.
// - [data-announce]: its text is read out after it was swapped in.
// Other modules listen for the event `sonae:swapped` on the document, or use `globalThis.sonae`.

const WAIT_WHILE_TYPING = 120;
const singleKeys = document.body.dataset.singleKeys !== "off";

/** Reads a sentence out. */
function announce(sentence) {
  const region = document.getElementById("announcement");
  if (region && sentence) region.textContent = sentence;
}

/** Replaces the elements with these ids by those of a fetched page. False when the page has none of them. */
function swap(html, ids) {
  const page = new DOMParser().parseFromString(html, "text/html");
  let swapped = false;
  for (const id of ids) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (!fresh || !old) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(fresh);
    if (focused) document.getElementById(focused)?.focus();
    announce(fresh.querySelector("[data-announce]")?.textContent ?? "");
    document.dispatchEvent(new CustomEvent("sonae:swapped", { detail: { id } }));
    swapped = true;
  }
  return swapped;
}

const ids = (text) => (text ?? "").split(/\s+/).filter(Boolean);

/** The address a GET form would go to, without the fields that are empty. */
function addressOf(form) {
  const address = new URL(form.action, location.href);
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(fields).toString();
  return address;
}

const underWay = new WeakMap();

async function refresh(form) {
  underWay.get(form)?.abort();
  const stop = new AbortController();
  underWay.set(form, stop);
  const address = addressOf(form);
  try {
    const answer = await fetch(address, { signal: stop.signal, redirect: "follow" });
    if (answer.redirected || !answer.ok) return location.assign(address);
    if (swap(await answer.text(), ids(form.dataset.live))) history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

const waiting = new WeakMap();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-live]");
  if (!form || event.isComposing) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => refresh(form), WAIT_WHILE_TYPING));
});
document.addEventListener("compositionend", (event) => {
  const form = event.target.closest?.("form[data-live]");
  if (form) refresh(form);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.swap || event.defaultPrevented) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  const answer = await fetch(form.action, { method: "POST", body });
  const swapped = swap(await answer.text(), ids(form.dataset.swap));
  // What cannot be shown in place is shown as the page it is; nothing is sent a second time.
  if (!swapped) location.assign(answer.url);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});

const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
const linkOf = (row) => row.querySelector("[data-open]") ?? row.querySelector("a[href]");

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  const row = all[Math.min(Math.max(next, 0), all.length - 1)];
  linkOf(row)?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function mark() {
  const row = rows().find((row) => row.contains(document.activeElement));
  const box = row?.querySelector('input[type="checkbox"]');
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/** What a key presses in the row that has the focus. */
function wayOfRow(key) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const way = all[at]?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  if (!way) return undefined;
  return () => {
    // The next row keeps the focus when the list is swapped.
    if (way.localName === "button") linkOf(all[at + 1] ?? all[at])?.focus();
    way.click();
  };
}

const showMarkAll = () => {
  for (const box of document.querySelectorAll("[data-mark-all]")) box.hidden = false;
};
showMarkAll();
document.addEventListener("sonae:swapped", showMarkAll);
document.addEventListener("change", (event) => {
  const all = event.target.closest?.("[data-mark-all]");
  if (!all) return;
  const boxes = [...all.closest("table").querySelectorAll('[data-row] input[type="checkbox"]')];
  for (const box of boxes) box.checked = all.checked;
  announce(all.checked ? `${boxes.length}件に印を付けました。` : "印を外しました。");
});

function search() {
  const field = document.querySelector('[data-search], main input[type="search"]');
  field?.focus();
  field?.select?.();
}

const shortcuts = new Map([
  ["j", () => move(1)],
  ["k", () => move(-1)],
  ["x", mark],
  ["/", search],
  ["?", () => document.getElementById("keys")?.showModal()],
]);

const types = (element) => element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest?.("main form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('button[type="submit"]'));
    return;
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!singleKeys || !plain || types(event.target) || document.querySelector("dialog[open]")) return;
  const way = document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
  const action = shortcuts.get(event.key) ?? wayOfRow(event.key) ?? (way && (() => way.click()));
  if (!action) return;
  event.preventDefault();
  action();
});

const added = [];

/** Adds a command to the palette. */
function command(label, run) {
  added.push({ label, words: label, run });
}

function commands() {
  const links = [...document.querySelectorAll(".office-nav a, .office-person a, main [data-command]")];
  const found = links.map((element) => {
    const label = element.textContent.trim().replace(/\s+/g, " ");
    return { label, words: `${label} ${element.dataset.command ?? ""}`, run: () => element.click() };
  });
  return [...added, ...found];
}

const fold = (text) => text.normalize("NFKC").toLowerCase();

function fillPalette() {
  const input = document.getElementById("palette-input");
  const wanted = fold(input.value);
  const buttons = commands()
    .filter((entry) => fold(entry.words).includes(wanted))
    .map((entry) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = entry.label;
      button.addEventListener("click", () => {
        document.getElementById("palette").close();
        entry.run();
      });
      item.append(button);
      return item;
    });
  document.getElementById("palette-list").replaceChildren(...buttons);
}

function openPalette() {
  const palette = document.getElementById("palette");
  if (!palette || palette.open) return;
  document.getElementById("palette-input").value = "";
  fillPalette();
  palette.showModal();
}

document.getElementById("palette-input")?.addEventListener("input", fillPalette);
document.getElementById("palette")?.addEventListener("keydown", (event) => {
  const buttons = [...document.querySelectorAll("#palette-list button")];
  const at = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && buttons.length > 0) {
    event.preventDefault();
    buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)].focus();
  } else if (event.key === "Enter" && at < 0 && !event.isComposing) {
    event.preventDefault();
    buttons[0]?.click();
  }
});

globalThis.sonae = { announce, swap, command, shortcut: (key, run) => shortcuts.set(key, run) };
