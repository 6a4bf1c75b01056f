/*
 * Japanese input while somebody else types twenty letters a second: before it, behind it, in the same line, in the same paragraph, in every
 * kind of block. Chromium's own input method events are made by its protocol (`Input.imeSetComposition`).
 *
 * A run fails when the composition was cancelled or begun anew, when the text is not exactly what was typed, when the other saw anything
 * half-typed, or when one undo does not take exactly it back.
 */
import assert from 'node:assert/strict';
import { until } from './server.mjs';

const STEPS = ['に', 'にh', 'にほ', 'にほn', 'にほん', 'にほんg', 'にほんご', '日本語'];
const TYPES_EVERY_MS = 50;
const TEXT = ['# 見出しの行', '', '段落の一行目', '段落の二行目', '', '- 箇条の行', '- 次の箇条', '', '| 表の行 | 右 |', '| --- | --- |', '| 左の欄 | 右の欄 |', '', '```sh', 'echo コードの行', '```', ''].join('\n');
/** Where we compose: behind this word. */
const BLOCKS = ['見出しの', '段落の一', '箇条の', '左の', 'コードの'];

/** Where the other types, as an index in the text as it is now. */
const WHERE = {
  before: (text) => text.indexOf('見') + 1,
  behind: (text) => text.length,
  'line, before': (text, block) => text.indexOf(block),
  'line, behind': (text, block) => { const end = text.indexOf('\n', text.indexOf(block)); return end < 0 ? text.length : end; },
  paragraph: (text) => text.indexOf('段落の二') + 1,
};

async function listen(page) {
  await page.evaluate(() => {
    window.composed = { starts: 0, ends: [] };
    const content = document.querySelector('.cm-content');
    content.addEventListener('compositionstart', () => { window.composed.starts += 1; });
    content.addEventListener('compositionend', (event) => { window.composed.ends.push(event.data); });
  });
}

async function compose(w, commits = true) {
  for (const text of STEPS) {
    await w.keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await w.page.waitForTimeout(25);
  }
  if (commits) {
    await w.keys.send('Input.insertText', { text: '日本語' });
  }
}

async function run(w, block, where) {
  let typed = '', saw = '';
  const seen = () => { const text = w.other.text.toString(); if (/[にほんご]/.test(text)) { saw = text; } };
  w.other.text.observe(seen);
  const before = w.other.text.toString();
  await w.caretBehind(block);
  await w.page.evaluate(() => { window.composed.starts = 0; window.composed.ends = []; });
  const types = setInterval(() => {
    const at = WHERE[where](w.other.text.toString(), block);
    w.other.text.insert(at, 'z');
    typed += 'z';
  }, TYPES_EVERY_MS);
  await compose(w);
  await w.page.waitForTimeout(80);
  clearInterval(types);
  const after = await w.settled(), composed = await w.page.evaluate(() => window.composed);
  w.other.text.unobserve(seen);
  const problems = [];
  if (composed.starts !== 1 || composed.ends.length !== 1 || composed.ends[0] !== '日本語') { problems.push(`composition ${JSON.stringify(composed)}`); }
  if (saw) { problems.push('half-typed letters were seen'); }
  if (after.replaceAll('z', '') !== before.replace(block, `${block}日本語`) || after.split('z').length - 1 !== typed.length) { problems.push(`text ${JSON.stringify(after)}`); }
  if ((await w.shown()) !== after) { problems.push('the editor shows something else'); }
  await w.page.keyboard.press('Control+z');
  await until(() => !w.server.text(w.room).includes('日本語'), 'the undo', 2000).catch(() => problems.push('one undo did not take it back'));
  if ((await w.settled()).replaceAll('z', '') !== before) { problems.push('undo took something else'); }
  w.other.doc.transact(() => {
    const text = w.other.text.toString();
    for (let at = text.length - 1; at >= 0; at -= 1) { if (text[at] === 'z') { w.other.text.delete(at, 1); } }
  });
  await until(async () => (await w.shown()) === before, `the sheet to be clean after ${block} ${where}`)
    .catch(async () => problems.push(`the editor shows ${JSON.stringify(await w.shown())}, the document is ${JSON.stringify(w.server.text(w.room))}`));
  return problems;
}

async function survivesOthersTyping(world) {
  const n_runs = Number(process.env.RUNS ?? 200), failures = [];
  const w = await world({ text: TEXT });
  await listen(w.page);
  const places = Object.keys(WHERE);
  for (let n = 0; n < n_runs; n += 1) {
    const block = BLOCKS[n % BLOCKS.length], where = places[Math.floor(n / BLOCKS.length) % places.length];
    const problems = await run(w, block, where);
    if (problems.length > 0) { failures.push(`${block} ${where}: ${problems.join('; ')}`); }
  }
  assert.deepEqual(w.wrong, []);
  await w.end();
  assert.equal(failures.length, 0, `${failures.length} of ${n_runs} failed\n${failures.slice(0, 20).join('\n')}`);
  return `${n_runs} runs, 0 failures`;
}

async function isOneStepOfUndo(world) {
  const w = await world({ text: TEXT });
  await w.caretBehind('段落の一');
  await w.page.keyboard.type('ab');
  await compose(w);
  await w.page.waitForTimeout(150);
  // Slower than the pause that usually parts two steps.
  for (const text of ['か', 'かん', 'かんじ']) {
    await w.keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await w.page.waitForTimeout(700);
  }
  await w.keys.send('Input.insertText', { text: '漢字' });
  await w.page.waitForTimeout(150);
  await w.page.keyboard.type('cd');
  const all = () => w.settled().then((text) => /段落の一(.*)行目/.exec(text)[1]);
  assert.equal(await all(), 'ab日本語漢字cd');
  for (const expected of ['ab日本語漢字', 'ab日本語', 'ab', '']) {
    await w.page.keyboard.press('Control+z');
    await until(async () => (await all()) === expected, `undo to ${expected || 'nothing'}`, 3000);
  }
  await w.end();
}

async function isShownWhenLong(world) {
  const w = await world({ text: TEXT });
  await w.caretBehind('段落の一');
  await w.keys.send('Input.imeSetComposition', { text: 'ながい', selectionStart: 3, selectionEnd: 3 });
  await w.page.waitForTimeout(1000);
  assert.ok(!w.other.text.toString().includes('ながい'));
  await until(() => w.other.text.toString().includes('ながい'), 'the others to see it after ten seconds', 12_000);
  await w.keys.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  await until(async () => (await w.settled()) === TEXT, 'a cancelled composition to leave nothing');
  await w.end();
}

/** @type {[string, (world: any) => Promise<string | void>][]} */
export const steps = [
  ['a composition is one step of undo, however slow', isOneStepOfUndo],
  ['a composition that lasts is shown after ten seconds, a cancelled one leaves nothing', isShownWhenLong],
  ['Japanese is composed while another types', survivesOthersTyping],
];
