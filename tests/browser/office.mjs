// An office of our own for a test: `sonae serve` on a free port with a data folder that goes with it.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, cp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const R6 = { id: 'tokyo-r6-basic-measures', clock: '2024-06-03T10:00:00+09:00' };
export const R7 = { id: 'tokyo-r7-incident-response', clock: '2025-06-02T10:00:00+09:00' };

/** The repository's root, seen from this file. */
export const ROOT = new URL('../../', import.meta.url).pathname;

/** How long the program may take to start, in milliseconds; a busy machine is slow. */
const START = 60_000;

/** The program under test; what stages cases for it lies beside it. */
export const PROGRAM = process.env.SONAE_PROGRAM ?? join(ROOT, 'target/debug/sonae');

/** A folder that the caller removes. */
export function folder() {
  return mkdtemp(join(tmpdir(), 'sonae-browser-'));
}

/**
 * Starts an office. `data` is kept when it is given, so that a test can close the office and open it later. Without the URL of a
 * `database` the office keeps its books in an SQLite file there.
 * @param {{ clock: string, data?: string, programs?: string, database?: string, inbox?: string }} settings
 */
export async function openOffice({ clock, data, programs, database, inbox }) {
  const own = data === undefined ? await folder() : undefined;
  const home = data ?? own;
  const listen = `127.0.0.1:${await freePort()}`;
  const where = ['--data', home, ...(database ? ['--database', database] : [])];
  const argv = ['serve', ...where, '--listen', listen, '--clock', clock];
  for (const [option, value] of Object.entries({ '--programs': programs, '--inbox': inbox })) if (value) argv.push(option, value);
  const child = spawn(PROGRAM, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += text));
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.on('error', (error) => (complaints += `${PROGRAM}: ${error.message}`));
  const office = {
    url: `http://${listen}`,
    data: home,
    /** What any other command needs to work on the same books. */
    where,
    mails: () => mailsIn(join(home, 'mail')),
    async close() {
      child.kill('SIGTERM');
      await ended;
      if (own) await rm(own, { recursive: true, force: true });
    },
  };
  const until = Date.now() + START;
  while (!(await answers(`${office.url}/healthz`))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`sonae serve did not start: ${complaints}`);
    }
    await pause(50);
  }
  return office;
}

/** The programmes of the repository, every course of R6 reduced to two places and one (or so many) in the waiting list. */
export async function tinyProgrammes(ids = [R6.id], waiting = 1) {
  const to = await folder();
  for (const id of ids) await cp(join(ROOT, 'programs', id), join(to, id), { recursive: true });
  const file = join(to, R6.id, 'program.toml');
  const text = await readFile(file, 'utf8');
  const tiny = text
    .replace(/^places = \d+$/gm, 'places = 2')
    .replace(/^nearly_full = \d+$/gm, 'nearly_full = 1')
    .replace(/limit = \d+/g, `limit = ${waiting}`);
  if (tiny === text) throw new Error('the programme no longer says its places as this test expects');
  await writeFile(file, tiny);
  return to;
}

/** Every mail that was written, headers and body readable, newest last. */
async function mailsIn(path) {
  const names = await readdir(path).catch(() => []);
  const texts = names.filter((name) => name.endsWith('.eml')).sort().map((name) => readFile(join(path, name), 'utf8'));
  return (await Promise.all(texts)).map(readable);
}

/** Undoes what a mail program undoes: encoded words in headers, base64 or quoted-printable in the body. */
function readable(mail) {
  const end = mail.search(/\r?\n\r?\n/);
  const headers = mail.slice(0, end).replace(/\r?\n[ \t]+/g, ' ');
  const words = headers
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, code) => Buffer.from(code, 'base64').toString());
  const body = mail.slice(end).trim();
  const coding = /^content-transfer-encoding:\s*(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  if (coding === 'base64') return `${words}\n\n${Buffer.from(body, 'base64').toString()}`;
  if (coding === 'quoted-printable') {
    const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
    return `${words}\n\n${Buffer.from(bytes, 'latin1').toString()}`;
  }
  return `${words}\n\n${body}`;
}

async function answers(url) {
  return fetch(url).then((reply) => reply.ok).catch(() => false);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const door = createServer();
    door.on('error', reject);
    door.listen(0, '127.0.0.1', () => {
      const { port } = door.address();
      door.close(() => resolve(port));
    });
  });
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Tries until it holds or ten seconds are over, and gives the last answer. */
export async function eventually(attempt) {
  const until = Date.now() + 10_000;
  for (;;) {
    const answer = await attempt();
    if (answer || Date.now() > until) return answer;
    await pause(50);
  }
}
