// Looks at screens of on-call and of incidents in a headless Chromium as people do, and prints what it measured as a line of JSON.
//
//   node oncall.mjs screen|painted    one line of JSON on standard input says where: `Asked` in oncall/browser.rs
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const here = import.meta.dirname;
const { chromium } = createRequire(path.join(here, '..', '..', '..', 'end2end', 'package.json'))('@playwright/test');

const DESKTOP = { viewport: { width: 1440, height: 900 } };
const PHONE = {
  viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true,
  userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
};
/* No part of a screen takes this long in a browser that works. */
const PATIENCE_MS = 60_000;
const N_LOADS = 9;
/* A screen is drawn once a second at most. From seeing a note to writing the next one: more than that second, as of one person; and less,
   as of several, so that notes come in every phase of it. */
const N_NOTES = 20, ALONE_MS = 1_500, CLOSE_MS = 100, MORE_MS = 900, STEP_MS = 377;
/* Screens that are turned to, before those that count: the first ones compile the scripts. */
const WARM_UP = 3, N_ROUNDS = 20, APART_MS = 300;

/* What a browser says when a size changed once more while sizes were told; it tells the rest in the next frame. */
const HARMLESS = /^ResizeObserver loop/;

const heard = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const asked = JSON.parse((await heard.next()).value);
const troubles = [];
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

setTimeout(() => {
  console.error('   the browser took too long');
  process.exit(2);
}, asked.patience_ms);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});

/* A tab of somebody with nothing in its cache and connections of its own. */
async function open(size, cookie) {
  const context = await browser.newContext({ ...size, locale: 'ja-JP', timezoneId: 'Asia/Tokyo' });
  context.setDefaultTimeout(PATIENCE_MS);
  const end = cookie.indexOf('=');
  await context.addCookies([{ name: cookie.slice(0, end), value: cookie.slice(end + 1), url: asked.url }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => { if (!HARMLESS.test(error.message)) { troubles.push(error); } });
  return page;
}

/* Asked from outside, which is the same whatever the screens' content policy lets run inside. */
async function until(page, ask, what) {
  const late = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await page.evaluate(ask);
    if (found) { return found; }
    if (Date.now() > late) { throw new Error(`${what} was not there in time`); }
    await rest(50);
  }
}

/* The live stream is open: the button that pauses it says so. */
function live(page) {
  return page.getByRole('button', { name: /^(ライブ|Live)$/ }).waitFor({ state: 'visible' });
}

const firstPaint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null;

async function load(size) {
  const page = await open(size, asked.cookies[0]);
  await page.goto(asked.url + asked.paths[0], { waitUntil: 'load' });
  const painted_ms = await until(page, firstPaint, 'a paint');
  await page.context().close();
  return painted_ms;
}

async function loads(size) {
  const found = [];
  for (let at = 0; at < N_LOADS; at += 1) { found.push(await load(size)); }
  return found;
}

/* From now on the reader's tab notes when a line that says this stands among the newest of the story: in epoch milliseconds, which are the
   same clock in every tab. */
function watchFor(page, words) {
  return page.evaluate(([wanted, longest_ms]) => {
    const newest = () => Array.from(document.querySelectorAll('.story > li')).slice(0, 5);
    const isThere = () => newest().some((line) => line.textContent.includes(wanted));
    window.noteSeen = new Promise((resolve, reject) => {
      const watch = new MutationObserver(() => {
        if (!isThere()) { return; }
        watch.disconnect();
        clearTimeout(late);
        resolve(Date.now());
      });
      const late = setTimeout(() => {
        watch.disconnect();
        reject(new Error(`the note was not there in time: ${wanted}`));
      }, longest_ms);
      watch.observe(document.body, { childList: true, characterData: true, subtree: true });
    });
  }, [words, PATIENCE_MS]);
}

const isSent = () => document.querySelector('#note-text')?.value === '' && !document.querySelector('form.case__note [aria-busy]');

/* Somebody writes a note, and sends it by the button; how long until it stands before somebody else. */
async function note(writer, reader, number) {
  const words = `見ている人に届くまで ${number}。`;
  await watchFor(reader, words);
  await writer.locator('#note-text').fill(words);
  await writer.locator('form.case__note button[type="submit"]').click();
  const seen_ms = await reader.evaluate(() => window.noteSeen);
  const sent_ms = await writer.evaluate(() => window.sentMs);
  await until(writer, isSent, 'the answer to a note');
  return seen_ms - sent_ms;
}

async function written(writer, reader, first, least_apart_ms) {
  const found = [];
  for (let at = 0; at < N_NOTES; at += 1) {
    await rest(least_apart_ms + ((at * STEP_MS) % MORE_MS));
    found.push(await note(writer, reader, first + at));
  }
  return found;
}

async function notes() {
  const reader = await open(DESKTOP, asked.cookies[0]);
  const writer = await open(DESKTOP, asked.cookies[1]);
  /* What Playwright takes to press the button is not counted; all that the page does with it is. */
  await writer.addInitScript(() => addEventListener('submit', () => { window.sentMs = Date.now(); }, true));
  for (const page of [reader, writer]) {
    await page.goto(asked.url + asked.paths[0], { waitUntil: 'load' });
    await live(page);
  }
  const alone = await written(writer, reader, 1, ALONE_MS);
  return { alone, close: await written(writer, reader, N_NOTES + 1, CLOSE_MS) };
}

async function screen() {
  return { desktop: await loads(DESKTOP), phone: await loads(PHONE), notes: await notes() };
}

/*
 * Goes to another screen as a link does (`public/screen.js`), and says how long it took from the last byte of the answer until it was
 * painted. The screen is in the document when its holder is busy no more; the message that is sent in the frame after that comes when the
 * frame is laid out and painted.
 */
function turnTo(page, address) {
  return page.evaluate(([wanted, longest_ms]) => new Promise((resolve, reject) => {
    const holder = document.querySelector('[data-served]'), url = new URL(wanted, location.href).href;
    const late = setTimeout(() => reject(new Error(`${wanted} was not there in time`)), longest_ms);
    const began_ms = performance.now();
    /* What is noted of the answer may come a moment later than the answer. */
    const tell = (painted_ms) => {
      const answer = performance.getEntriesByType('resource').find((one) => one.name === url && one.startTime >= began_ms);
      if (answer) {
        clearTimeout(late);
        resolve(painted_ms - answer.responseEnd);
      } else if (performance.now() - began_ms < longest_ms) {
        setTimeout(tell, 20, painted_ms);
      }
    };
    const watch = new MutationObserver(() => {
      if (holder.hasAttribute('aria-busy')) { return; }
      watch.disconnect();
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => tell(performance.now());
        after.port2.postMessage(0);
      });
    });
    watch.observe(holder, { attributes: true, attributeFilter: ['aria-busy'] });
    performance.clearResourceTimings();
    window.mimamoriScreen.turn(wanted);
  }), [address, PATIENCE_MS]);
}

async function painted() {
  const [overview, ...months] = asked.paths;
  const page = await open(DESKTOP, asked.cookies[0]);
  await page.goto(asked.url + overview, { waitUntil: 'load' });
  await live(page);
  await rest(2_000);
  const found = { overview: [], month: [], next: [] };
  for (let round = 0; round < WARM_UP + N_ROUNDS; round += 1) {
    const at = (2 * round) % months.length;
    for (const [name, address] of [['month', months[at]], ['next', months[at + 1]], ['overview', overview]]) {
      const took_ms = await turnTo(page, address);
      if (round >= WARM_UP) { found[name].push(took_ms); }
      await rest(APART_MS);
    }
  }
  return found;
}

const CASES = { screen, painted };
let found;
try {
  found = await CASES[process.argv[2]]();
  if (troubles.length > 0) { throw troubles[0]; }
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
process.exit(0);
