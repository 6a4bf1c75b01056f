/*
 * The editor in Chromium, with a second person on the line. `node test/browser.mjs [name of a step…]`; CHROMIUM names another browser, RUNS
 * how often Japanese is composed (200), FILES how many Markdown files are opened (200), SHOTS a directory for pictures.
 */
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { Room } from '../src/room.js';
import { answer } from './page.mjs';
import { serve, until } from './server.mjs';
import { steps as aroundSteps } from './browser-around.mjs';
import { steps as composingSteps } from './browser-composing.mjs';
import { steps as holdingSteps } from './browser-holding.mjs';
import { steps as writingSteps } from './browser-writing.mjs';

const server = await serve(answer);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
let n_rooms = 0;
/** Ends the world of the step under way, however it went. */
let tidy = async () => {};

/** A second person, without a browser. */
async function peer(/** @type {string} */ room, text = '') {
  const other = new Room({
    server: server.address, room, user: { name: '高橋 美咲', colour: 4 }, database: '', socket: /** @type {any} */ (WebSocket),
    onSaving() {}, onSynced() {}, onClosed() {},
  });
  await other.open();
  await until(() => other.saving.state === 'saved', 'the peer to be synchronised');
  if (text) { other.text.insert(0, text); }
  await until(() => other.saving.state === 'saved', 'the text to be there');
  return other;
}

/** One test's world: a room with a text in it, a peer, and a page that edits it. */
async function world(/** @type {{ text?: string, query?: string, width?: number, isReady?: boolean }} */ { text = '', query = '', width = 1280, isReady = true } = {}) {
  const room = `room-${n_rooms += 1}`, other = await peer(room, text);
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'ja-JP' });
  const page = await context.newPage();
  tidy = async () => {
    Object.assign(server.rules, { echoes: true, isDeaf: false, refusesWith: 0 });
    await other.close();
    await context.close();
  };
  const wrong = [];
  page.on('pageerror', (problem) => wrong.push(String(problem)));
  page.on('console', (message) => (message.type() === 'error' && !/WebSocket|ERR_CONNECTION/.test(message.text()) ? wrong.push(message.text()) : undefined));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
  const address = `http://127.0.0.1:${server.port}/?room=${room}${width < 600 ? '&narrow' : ''}${query}`;
  await page.goto(address);
  const content = page.locator('.cm-content');
  if (isReady) { await content.waitFor(); }
  return {
    room, other, context, page, content, wrong, address, server,
    keys: await context.newCDPSession(page),
    /** What the page's own document holds, as the server has it once everything is confirmed. */
    async settled() {
      await page.waitForFunction(() => document.querySelector('[data-save-state]')?.getAttribute('data-state') === 'saved');
      await until(() => other.text.toString() === server.text(room), 'the peer to be equal');
      return server.text(room);
    },
    /** The text as the editor shows it. */
    shown: () => page.evaluate(() => [...document.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n')),
    /** Puts the caret behind the first place where a word stands. */
    async caretBehind(/** @type {string} */ word) {
      await page.evaluate((wanted) => {
        const walk = document.createTreeWalker(document.querySelector('.cm-content'), NodeFilter.SHOW_TEXT);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
          const at = node.nodeValue.indexOf(wanted);
          if (at >= 0) {
            document.querySelector('.cm-content').focus();
            getSelection().collapse(node, at + wanted.length);
            return;
          }
        }
        throw new Error(`${wanted} is not in the text`);
      }, word);
      await page.waitForTimeout(30);
    },
    end: () => tidy(),
  };
}

const wanted = process.argv.slice(2);
const steps = [...writingSteps, ...aroundSteps, ...holdingSteps, ...composingSteps].filter(([name]) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
let n_failed = 0;
for (const [name, step] of steps) {
  const since = Date.now();
  try {
    const said = await step(world);
    process.stdout.write(`ok     ${name}${said ? `: ${said}` : ''} (${Date.now() - since} ms)\n`);
  } catch (problem) {
    n_failed += 1;
    await tidy();
    process.stdout.write(`FAILED ${name}\n${problem.stack ?? problem}\n`);
  }
}
await browser.close();
await server.close();
process.stdout.write(`${steps.length - n_failed} passed, ${n_failed} failed\n`);
assert.ok(steps.length > 0, 'no step has that name');
process.exit(n_failed === 0 ? 0 : 1);
