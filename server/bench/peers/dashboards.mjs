// Looks at dashboards in a headless Chromium as people do, and prints what it measured as lines of JSON.
//
//   node dashboards.mjs loads|hands|viewers|wide    one line of JSON on standard input says where: `Asked` in dashboards/browser.rs
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const here = import.meta.dirname;
const { chromium } = createRequire(path.join(here, '..', '..', '..', 'end2end', 'package.json'))('@playwright/test');
const NOTES = path.join(here, 'dashboards-notes.js');

const DESKTOP = { viewport: { width: 1440, height: 900 } };
const PHONE = {
  viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true,
  userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
};
/* No part of a screen takes this long in a browser that works. */
const PATIENCE_MS = 60_000;
/* Loads of a size; the first of them go on being looked at while samples come. */
const N_LOADS = 9, N_LONG = 3;
/* Slowed down, the module has taken the charts over by then. */
const STAYS_MS = 4_000, TICKS_MS = 10_000;
const N_ROUNDS = 3, N_MOVES = 15;
/* Viewers, and what keeps there from being a tab for each: memory that must be left, and a machine that is slow to open one more. */
const N_VIEWERS = 20, LEAST_KIB = 1_500_000, SLOWEST_TAB_MS = 15_000, OPENING_MS = 240_000;

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

/* A tab with nothing in its cache and connections of its own: the browser opens six at most to a server for all tabs that share them. */
async function open(size) {
  const context = await browser.newContext({ ...size, locale: 'ja-JP', timezoneId: 'Asia/Tokyo' });
  context.setDefaultTimeout(PATIENCE_MS);
  const end = asked.cookie.indexOf('=');
  await context.addCookies([{ name: asked.cookie.slice(0, end), value: asked.cookie.slice(end + 1), url: asked.url }]);
  await context.addInitScript({ path: NOTES });
  const page = await context.newPage();
  page.on('pageerror', (error) => { if (!HARMLESS.test(error.message)) { troubles.push(error); } });
  return page;
}

/* Slows a tab's processor down; the session can undo it. */
async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: asked.rate });
  return session;
}

/* How much slower the tab really was: the same loop as it is, and at full speed. */
async function slowdown(page, session) {
  const spin = () => page.evaluate(() => {
    const took = [];
    let sum = 0;
    for (let round = 0; round < 5; round += 1) {
      const began = performance.now();
      for (let at = 0; at < 2e7; at += 1) { sum += at % 7; }
      took.push(performance.now() - began);
    }
    return sum > 0 ? took.sort((one, other) => one - other)[2] : NaN;
  });
  const slowed = await spin();
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return slowed / (await spin());
}

async function load(size, stays_ms) {
  const page = await open(size);
  await slow(page);
  await page.goto(asked.url + asked.paths[0], { waitUntil: 'load' });
  await page.waitForTimeout(stays_ms);
  const found = await page.evaluate(() => {
    const { lcp, shifts, n_ticks } = window.noted;
    return { lcp: lcp.at(-1) ?? null, shifts, n_ticks };
  });
  await page.context().close();
  return { ...found, is_long: stays_ms >= TICKS_MS };
}

async function loads() {
  const found = { desktop: [], phone: [] };
  for (const [name, size] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    for (let at = 0; at < N_LOADS; at += 1) {
      found[name].push(await load(size, at < N_LONG ? STAYS_MS + TICKS_MS : STAYS_MS));
    }
  }
  const page = await open(DESKTOP);
  const session = await slow(page);
  await page.goto(asked.url + asked.paths[0], { waitUntil: 'load' });
  return { ...found, slowdown: await slowdown(page, session) };
}

/* Where the `at`-th of the elements stands that can be pressed: in sight, and nothing above it. Where there is none in sight, one is brought there. */
function placeOf(page, selector, at) {
  return page.evaluate(([wanted, place]) => {
    const middle = (element) => {
      const box = element.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
    };
    const isThere = (element) => {
      const { x, y, width } = middle(element);
      return width > 0 && element.contains(document.elementFromPoint(x, y));
    };
    const every = Array.from(document.querySelectorAll(wanted));
    let all = every.filter(isThere);
    if (all.length === 0) {
      every[place % every.length]?.scrollIntoView({ block: 'center' });
      all = every.filter(isThere);
    }
    return all.length > 0 ? middle(all[place % all.length]) : null;
  }, [selector, at]);
}

async function press(page, selector, at, n_times = 1) {
  const place = await placeOf(page, selector, at);
  if (!place) { throw new Error(`there is nothing to press: ${selector}`); }
  for (let time = 0; time < n_times; time += 1) {
    await page.mouse.click(place.x, place.y);
    await rest(150);
  }
}

async function keys(page, ...names) {
  for (const name of names) {
    await page.keyboard.press(name);
    await rest(100);
  }
}

/* The needle goes over a chart, is held, walks by keys; the chart's table opens and closes. */
async function touch(page, at) {
  const stage = await placeOf(page, '.chart-figure__stage', at);
  if (!stage) { throw new Error('there is no chart to touch'); }
  for (let move = 0; move < N_MOVES; move += 1) {
    await page.mouse.move(stage.x + stage.width * (move / N_MOVES - 0.5) * 0.7, stage.y);
    await rest(30);
  }
  await page.mouse.click(stage.x, stage.y);
  await keys(page, 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft', 'm', 't', 't', 'Escape');
}

/* Everything a reader does by hand, again and again. What opens, or leaves others aside, is pressed twice. */
async function handle(page, { charts, twice }) {
  for (let round = 0; round < N_ROUNDS; round += 1) {
    for (let at = 0; at < charts; at += 1) { await touch(page, at); }
    for (const selector of twice) {
      await press(page, selector, round, 2);
      await press(page, selector, round + 1, 2);
    }
  }
}

/* Presses and moves that change nothing, until something is true of the document. */
async function fidget(page, isDone) {
  const late = Date.now() + PATIENCE_MS;
  for (let round = 0; !(await page.evaluate(isDone)); round += 1) {
    if (Date.now() > late) { throw new Error('the screen was not there in time'); }
    const head = await placeOf(page, 'h1', 0);
    if (head) { await page.mouse.click(head.x, head.y); }
    await page.mouse.move(300 + ((round * 97) % 800), 350 + ((round * 31) % 300));
    await page.keyboard.press('Shift');
    await rest(50);
  }
}

/* Asked from outside, which is the same whatever the screens' content policy lets run inside. */
async function until(page, isTrue) {
  const late = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate(isTrue))) {
    if (Date.now() > late) { throw new Error('the screen was not there in time'); }
    await rest(100);
  }
}

const isTaken = () => document.querySelector('.chart-figure__stage--painted') !== null;
const isSettled = () => document.querySelector('[data-served][aria-busy]') === null;

/* Another span, while the reader goes on pressing. */
async function another(page) {
  await press(page, '.board__bar .choice__one:not([aria-current])', 1);
  await fidget(page, isSettled);
  await rest(1_000);
}

function felt(page) {
  return page.evaluate(() => {
    const { events, moves } = window.noted;
    return { events, moves, n_interactions: performance.interactionCount ?? new Set(events.map((event) => event.id)).size };
  });
}

async function hands() {
  const page = await open(DESKTOP);
  const session = await slow(page);
  await page.goto(asked.url + asked.paths[0], { waitUntil: 'load' });
  await until(page, isTaken);
  await rest(STAYS_MS);
  await handle(page, { charts: 3, twice: ['button.legend__name', '.tile .menu > summary'] });
  await touch(page, 0);
  await keys(page, '+');
  await fidget(page, isSettled);
  await another(page);
  return { ...(await felt(page)), slowdown: await slowdown(page, session) };
}

/* A query of very many series: touched while it comes and when it is there. */
async function wide() {
  const found = {};
  const screens = [
    { name: 'explore', words: '.part__count', twice: ['.explore__fold > summary'] },
    { name: 'panel', words: '.tile__notes li', twice: ['button.legend__name', '.tile .menu > summary'] },
  ];
  for (const [at, { name, words, twice }] of screens.entries()) {
    console.error(`   ${name}, ${asked.rate} × slower`);
    const page = await open(DESKTOP);
    await slow(page);
    await page.goto(asked.url + asked.paths[at], { waitUntil: 'commit' });
    await fidget(page, isTaken);
    await rest(1_000);
    const said = await page.locator(words).allTextContents();
    await handle(page, { charts: 1, twice });
    await another(page);
    found[name] = { ...(await felt(page)), said };
    await page.context().close();
  }
  return found;
}

function availableKib() {
  return Number(readFileSync('/proc/meminfo', 'utf8').match(/MemAvailable:\s+(\d+)/)?.[1] ?? 0);
}

const isFollowing = () => {
  const stream = window.noted.streams.at(-1);
  const topics = stream ? new URL(stream.url).searchParams.get('topics') ?? '' : '';
  return stream?.readyState === 1 && topics.startsWith('dash:') && document.querySelector('.chart-figure__stage--painted') !== null;
};

async function watch() {
  const page = await open(DESKTOP);
  await page.goto(asked.url + asked.paths[0], { waitUntil: 'load' });
  await until(page, isFollowing);
  return page;
}

/* A viewer without a browser: the same stream. */
function listen(address) {
  const viewer = { n_ticks: 0 };
  const headers = { cookie: asked.cookie, accept: 'text/event-stream' };
  viewer.request = get(address, { headers }, (answer) => {
    answer.setEncoding('utf8');
    answer.on('data', (text) => { viewer.n_ticks += text.split('event: board').length - 1; });
    answer.on('error', () => {});
  });
  /* One that broke is silent, and that is counted. */
  viewer.request.on('error', () => {});
  return viewer;
}

async function tabsThatFit() {
  const tabs = [], began = Date.now();
  while (tabs.length < N_VIEWERS && availableKib() > LEAST_KIB && Date.now() - began < OPENING_MS) {
    const since = Date.now();
    tabs.push(await watch());
    if (Date.now() - since > SLOWEST_TAB_MS) { break; }
  }
  if (tabs.length === 0) { throw new Error('there is no memory for one tab'); }
  return tabs;
}

async function viewers() {
  const tabs = await tabsThatFit();
  const address = await tabs[0].evaluate(() => window.noted.streams.at(-1).url);
  const plain = Array.from({ length: N_VIEWERS - tabs.length }, () => listen(address));
  await rest(3_000);
  const requests = [];
  tabs[0].on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  console.log(JSON.stringify({ n_tabs: tabs.length, n_plain: plain.length }));
  /* Samples are written now; the next line says that this is over. */
  await heard.next();
  const asked_for = requests.slice();
  await rest(2_000);
  const seen = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.noted.pulses)));
  const n_open = await tabs[0].evaluate(() => window.noted.streams.filter((stream) => stream.readyState !== 2).length);
  const n_silent = plain.filter((viewer) => viewer.n_ticks === 0).length;
  plain.forEach((viewer) => viewer.request.destroy());
  return { seen, requests: asked_for, n_open, n_silent };
}

const CASES = { loads, hands, viewers, wide };
let found;
try {
  found = await CASES[process.argv[2]]();
  if (troubles.length > 0) { throw troubles[0]; }
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
process.exit(0);
