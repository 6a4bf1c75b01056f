/* What stands around the text and must keep up with it: forms about what is chosen, graphs that were kept, the preview, a crowd, a phone. */
import assert from 'node:assert/strict';
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { spanOf } from '../src/anchors.js';
import { house } from './page.mjs';
import { until } from './server.mjs';

const TEXT = '# 概要\n\n本文の一行目\n二行目\n\n## 影響\n\n- 項目\n';
const AWARENESS = 1;

async function choose(w, behind, n_letters) {
  await w.caretBehind(behind);
  for (let n = 0; n < n_letters; n += 1) { await w.page.keyboard.press('Shift+ArrowRight'); }
}

async function keepsWhatIsChosen(world) {
  const w = await world({ text: TEXT });
  const fold = w.page.locator('#asks > summary'), form = w.page.locator('[data-comment-form]');
  const field = (name) => form.locator(`[data-anchor="${name}"]`).inputValue();
  const asked = () => w.page.locator('.cm-asked').allInnerTexts();
  for (const open of [() => fold.click(), async () => { await fold.focus(); await w.page.keyboard.press('Enter'); }, async () => { await fold.focus(); await w.page.keyboard.press('Space'); }]) {
    await choose(w, '本文の', 3);
    await open();
    assert.ok(await form.isVisible(), 'it is open, and stays so');
    assert.equal(await field('quoted'), '一行目');
    assert.equal(await form.locator('[data-quote]').innerText(), '一行目');
    await w.settled();
    const span = spanOf(w.other.text, { start: await field('start'), end: await field('end') });
    assert.equal(w.other.text.toString().slice(span.from, span.to), '一行目');
    assert.equal(await w.page.evaluate(() => document.activeElement.getAttribute('name')), 'body', 'one can type at once');
    assert.deepEqual(await asked(), ['一行目'], 'what it is about stays marked');
    await fold.click();
    await until(async () => (await asked()).length === 0, 'the mark to go with the form');
    await w.page.evaluate(() => document.querySelector('[data-comment-form]').reset());
    await w.page.evaluate(() => document.querySelectorAll('[data-comment-form] [data-anchor]').forEach((one) => { one.value = ''; }));
  }
  assert.deepEqual(w.wrong, []);
  await w.end();
}

async function takesWhatIsChosenAfterwards(world) {
  const w = await world({ text: TEXT });
  const quoted = w.page.locator('[data-comment-form] [data-anchor="quoted"]'), body = w.page.locator('[data-comment-form] textarea');
  await w.page.evaluate(() => getSelection().removeAllRanges());
  await w.page.locator('#asks > summary').click();
  assert.equal(await quoted.inputValue(), '', 'nothing is chosen yet');
  await choose(w, '本文の', 3);
  await body.click();
  assert.equal(await quoted.inputValue(), '一行目');
  await body.fill('これは');
  await choose(w, '概', 1);
  await body.click();
  assert.equal(await quoted.inputValue(), '一行目', 'a comment that is about something stays so');
  await w.page.evaluate(() => window.mimamoriScreen.refresh(document.querySelector('[data-served]')));
  await w.page.waitForTimeout(500);
  assert.equal(await w.page.locator('[data-quote]').innerText(), '一行目', 'the quotation outlives a screen that is drawn anew');
  assert.deepEqual(await w.page.locator('.cm-asked').allInnerTexts(), ['一行目']);
  await w.page.locator('#suggests > summary').click();
  await w.page.locator('[data-anchor="replacement"]').fill('書きかけ');
  await choose(w, '二', 1);
  await w.page.locator('[data-anchor="replacement"]').click();
  assert.equal(await w.page.locator('[data-anchor="replacement"]').inputValue(), '書きかけ', 'what was typed is not lost');
  await w.end();
}

async function offersKeptGraphs(world) {
  const w = await world({ text: '本文\n\n', query: '&graphs=1' });
  await w.content.focus();
  await w.page.keyboard.press('Control+End');
  await w.page.keyboard.type('/グラフ');
  const options = w.page.getByRole('option');
  assert.deepEqual(await options.allInnerTexts().then((all) => all.map((one) => one.split('\n'))), [['保存したグラフ: エラー率', '11/22 14:30'], ['保存したグラフ: CPU', '11/22 15:00']]);
  // Somebody keeps another one meanwhile: the list is the screen's.
  await w.page.evaluate(() => document.querySelector('[data-graph="cd34"]').insertAdjacentHTML('afterend', '<li data-graph="ef56" data-title="メモリ" data-moment="11/22 16:00"></li>'));
  await w.page.keyboard.press('Escape');
  await w.page.keyboard.press('Backspace');
  await w.page.keyboard.type('フ');
  assert.equal(await options.count(), 3);
  await w.page.keyboard.press('ArrowDown');
  await w.page.keyboard.press('Enter');
  assert.equal(await w.settled(), '本文\n\n```ops-graph cd34\n```\n');
  await w.end();
  const none = await world({ text: '' });
  await none.content.focus();
  await none.page.keyboard.type('/ops-g');
  const only = none.page.getByRole('option');
  assert.deepEqual([await only.count(), await only.getAttribute('aria-disabled')], [1, 'true']);
  await none.page.keyboard.press('Enter');
  assert.equal(await none.settled(), '/ops-g', 'nothing that would show nothing');
  await none.end();
}

async function previewsWhatIsTrueNow(world) {
  const w = await world({ text: `${TEXT}\n\`\`\`ops-actions INC-42\n\`\`\`\n` });
  const pane = w.page.locator('[data-preview-pane]');
  await w.page.getByRole('button', { name: 'プレビュー' }).click();
  await pane.getByText(`対策は ${house.n_done} 件が完了`).waitFor();
  await w.page.locator('#finish').click();
  await pane.getByText(`対策は ${house.n_done} 件が完了`).waitFor({ timeout: 5000 });
  house.n_done += 1;
  await w.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await pane.getByText(`対策は ${house.n_done} 件が完了`).waitFor({ timeout: 5000 });
  // A screen that is drawn anew all the time asks no more often than every two seconds.
  const before = house.n_previews;
  await w.page.evaluate(async () => {
    for (let n = 0; n < 40; n += 1) {
      document.querySelector('#turn').replaceChildren(String(n));
      await new Promise((done) => { setTimeout(done, 50); });
    }
  });
  assert.ok(house.n_previews - before <= 2, `${house.n_previews - before} questions in two seconds`);
  await w.end();
}

/** Fifty people who all have a caret and move it. */
function crowd(w, n_people) {
  const all = Array.from({ length: n_people }, (_, n) => {
    const doc = new Y.Doc();
    doc.clientID = 5000 + n;
    return { n, awareness: new Awareness(doc) };
  });
  const place = (at) => Y.createRelativePositionFromTypeIndex(w.other.text, at, 0);
  return {
    move(step) {
      for (const { n, awareness } of all) {
        const at = (n * 40 + step) % (w.other.text.length - 8);
        awareness.setLocalState({ user: { id: `person-${n}`, name: `人 ${n}`, colour: (n % 8) + 1 }, cursor: { anchor: place(at), head: place(at + (n % 5)) } });
        const encoder = encoding.createEncoder();
        encoding.writeVarUint(encoder, AWARENESS);
        encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [awareness.clientID]));
        w.other.provider.ws.send(encoding.toUint8Array(encoder));
      }
    },
    end: () => all.forEach(({ awareness }) => awareness.destroy()),
  };
}

/** Milliseconds from a key until the frame after it, the middle one of many. */
async function typingTime(w, n_keys) {
  await w.page.evaluate(() => {
    window.took = [];
    window.addEventListener('keydown', () => {
      const since = performance.now();
      requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => window.took.push(performance.now() - since); channel.port2.postMessage(0); });
    }, { capture: true, signal: (window.stops = new AbortController()).signal });
  });
  for (let n = 0; n < n_keys; n += 1) {
    await w.page.keyboard.press('a');
    await w.page.waitForTimeout(15);
  }
  const took = await w.page.evaluate(() => { window.stops.abort(); return window.took.sort((one, other) => one - other); });
  return took[Math.floor(took.length / 2)];
}

async function staysFastInACrowd(world) {
  const w = await world({ text: Array.from({ length: 400 }, (_, n) => `${n} 行目の本文です。`).join('\n') });
  await w.caretBehind('5 行目');
  const alone = await typingTime(w, 40), people = crowd(w, 50);
  people.move(0);
  const drawn = w.page.locator('.cm-other'), here = w.page.locator('[data-presence] li');
  await until(async () => (await here.last().innerText()).includes('ほか 31 人'), 'the rest to be a number');
  assert.equal(await here.count(), 22, 'we, twenty, and a number');
  const least = await drawn.count();
  assert.ok(least > 0 && least <= 20, `${least} carets`);
  await w.page.evaluate(() => { window.first = document.querySelector('[data-presence] li'); });
  let step = 0;
  const moves = setInterval(() => people.move(step += 1), 100);
  const together = await typingTime(w, 80);
  clearInterval(moves);
  assert.ok(await w.page.evaluate(() => window.first.isConnected), 'who is here is not drawn anew for carets that move');
  assert.ok((await drawn.count()) <= 20);
  people.end();
  assert.ok(together < 60, `${together} ms a key`);
  assert.deepEqual(w.wrong, []);
  await w.end();
  return `${alone.toFixed(1)} ms a key alone, ${together.toFixed(1)} ms with 51 others`;
}

async function keepsToolsAboveTheKeyboard(world) {
  const w = await world({ text: `${TEXT}${'本文の行\n'.repeat(80)}`, width: 390 });
  const seen = () => w.page.evaluate(() => {
    const box = (selector) => { const { top, bottom } = document.querySelector(selector).getBoundingClientRect(); return { top, bottom }; };
    const buttons = [...document.querySelectorAll('[data-tools] button')].map((one) => one.getBoundingClientRect());
    return {
      tools: box('[data-tools]'), frame: box('[data-frame]'), n_rows: new Set(buttons.map(({ top }) => Math.round(top))).size,
      least: Math.min(...buttons.flatMap(({ width, height }) => [width, height])), wide: document.documentElement.scrollWidth, scrolls: document.querySelector('[data-tools]').scrollWidth > 390,
    };
  });
  const before = await seen();
  assert.equal(before.n_rows, 1);
  assert.ok(before.scrolls && before.wide <= 390, 'the row is pushed aside, not the screen');
  assert.ok(before.least >= 24, `${before.least} px`);
  assert.ok(before.tools.bottom <= 900 && before.tools.top > 450, 'under the thumb');
  assert.ok(before.frame.top < 250, `the text begins in the first look: ${before.frame.top} px`);
  await w.page.evaluate(() => {
    Object.defineProperty(visualViewport, 'height', { get: () => 560 });
    visualViewport.dispatchEvent(new Event('resize'));
  });
  const { tools } = await seen();
  assert.ok(Math.abs(tools.bottom - 560) < 2, `above the keyboard: ${tools.bottom}`);
  await w.caretBehind('一行目');
  for (let n = 0; n < 40; n += 1) { await w.page.keyboard.press('ArrowDown'); }
  const caret = () => w.page.evaluate(() => getSelection().getRangeAt(0).getBoundingClientRect().bottom);
  await until(async () => (await caret()) <= (await seen()).tools.top, 'what one writes to be above the tools', 2000);
  await w.page.keyboard.press('End');
  await w.page.keyboard.press('Enter');
  await w.page.keyboard.type('/');
  const list = w.page.getByRole('listbox');
  await list.waitFor();
  const { y, height } = await list.boundingBox();
  assert.ok(y >= 0 && y + height <= (await seen()).tools.top + 1, `the list is above the tools: ${y} ${height}`);
  if (process.env.SHOTS) { await w.page.screenshot({ path: `${process.env.SHOTS}/phone-keyboard.png` }); }
  await w.end();
}

/** @type {[string, (world: any) => Promise<string | void>][]} */
export const steps = [
  ['the word that unfolds a form keeps what is chosen, by pointer and by keyboard', keepsWhatIsChosen],
  ['a form that is about nothing yet takes what is chosen afterwards', takesWhatIsChosenAfterwards],
  ['graphs that were kept are offered behind the slash', offersKeptGraphs],
  ['the preview shows what the house knows now', previewsWhatIsTrueNow],
  ['fifty others do not slow typing', staysFastInACrowd],
  ['on a phone the tools are one row above the keyboard, and the text is first', keepsToolsAboveTheKeyboard],
];
