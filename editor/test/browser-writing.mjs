/* Writing with keyboard and pointer: what the editor does, says and lets go of. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import * as Y from 'yjs';
import { anchorsOf, spanOf } from '../src/anchors.js';
import { until } from './server.mjs';

const TEXT = '# 概要\n\n本文の一行目\n二行目\n\n## 影響\n\n- 項目\n';

async function isNamedAndReachable(world) {
  const w = await world({ text: TEXT });
  const box = w.page.getByRole('textbox', { name: '本文' });
  assert.equal(await box.count(), 1);
  assert.equal(await box.getAttribute('aria-multiline'), 'true');
  assert.match(await w.page.locator(`#${await box.getAttribute('aria-describedby')}`).innerText(), /Esc/);
  assert.ok(!(await w.page.locator('[data-fallback]').isVisible()), 'what can be read is out of the way');
  assert.equal(await w.shown(), TEXT);
  assert.equal(w.server.text(w.room), TEXT, 'opening writes nothing');
  assert.deepEqual(w.wrong, []);
  await w.end();
}

async function leavesByKeyboard(world) {
  const w = await world({ text: TEXT });
  await w.caretBehind('一行目');
  await w.page.keyboard.press('Tab');
  assert.match(await w.shown(), /\n {2}本文の一行目/, 'Tab indents');
  const said = w.page.locator('.cm-announced');
  await w.page.keyboard.press('Escape');
  assert.match(await said.innerText(), /次の Tab/);
  await w.page.keyboard.press('Tab');
  const isOut = () => w.page.evaluate(() => !document.querySelector('.cm-editor').contains(document.activeElement));
  assert.ok(await isOut(), 'Tab went on');
  await w.page.keyboard.press('Shift+Tab');
  assert.ok(!(await isOut()), 'and back');
  await w.page.keyboard.press('Escape');
  await w.page.keyboard.press('Shift+Tab');
  assert.ok(await isOut(), 'backwards too');
  await w.end();
}

async function undoesOnlyOnesOwn(world) {
  const w = await world({ text: TEXT });
  await w.caretBehind('一行目');
  await w.page.keyboard.type('甲乙');
  await w.settled();
  w.other.text.insert(w.other.text.toString().indexOf('乙'), '（他人）');
  await until(async () => (await w.shown()).includes('（他人）'), 'the other to be seen');
  await w.page.keyboard.press('Control+z');
  assert.equal(await w.settled(), TEXT.replace('一行目', '一行目（他人）'));
  await w.page.keyboard.press('Control+z');
  assert.equal(await w.settled(), TEXT.replace('一行目', '一行目（他人）'), 'there is nothing more of our own');
  await w.page.keyboard.press('Control+y');
  assert.match(await w.settled(), /甲（他人）乙|甲乙（他人）|（他人）甲乙/);
  await w.end();
}

async function paste(w, text) {
  await w.page.evaluate((given) => {
    const data = new DataTransfer();
    data.setData('text/plain', given);
    document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

async function keepsLineFeedsAlone(world) {
  const w = await world({ text: TEXT });
  await w.caretBehind('一行目');
  await paste(w, 'あ\r\nい\rう\0');
  assert.equal(await w.settled(), TEXT.replace('一行目', '一行目あ\nい\nう'));
  await w.page.keyboard.press('Enter');
  await w.page.keyboard.type('え');
  assert.equal(await w.settled(), TEXT.replace('一行目', '一行目あ\nい\nう\nえ'));
  assert.ok(!w.server.text(w.room).includes('\r'));
  await w.end();
}

async function refusesLargePastes(world) {
  const w = await world({ text: TEXT });
  await w.caretBehind('一行目');
  await paste(w, 'あ'.repeat(70_000));
  assert.match(await w.page.locator('[data-notice]').innerText(), /200 KiB/);
  assert.equal(await w.settled(), TEXT);
  await paste(w, 'a'.repeat(200_000));
  assert.equal((await w.settled()).length, TEXT.length + 200_000);
  await w.end();
}

async function showsOthers(world) {
  const w = await world({ text: TEXT });
  const at = TEXT.indexOf('二行目');
  const place = (index) => Y.createRelativePositionFromTypeIndex(w.other.text, index, 0);
  w.other.awareness.setLocalStateField('cursor', { anchor: place(at), head: place(at + 2) });
  const caret = w.page.locator('.cm-other');
  await caret.waitFor();
  assert.equal(await caret.innerText(), '高橋 美咲');
  assert.equal(await w.page.locator('.cm-other-chosen').count(), 1);
  assert.deepEqual(await w.page.locator('[data-presence] li').allInnerTexts(), ['佐\n佐藤 健（あなた）', '高\n高橋 美咲']);
  const before = await caret.boundingBox();
  w.other.text.insert(0, 'まえに一行\n');
  await until(async () => (await caret.boundingBox()).y > before.y + 5, 'the caret to follow its letter');
  const line = await w.page.locator('.cm-line', { hasText: '二行目' }).boundingBox(), now = await caret.boundingBox();
  assert.ok(Math.abs(now.y + now.height / 2 - line.y - line.height / 2) < 4, 'on its line');
  assert.equal(await w.page.locator('.cm-content .cm-other').count(), 0, 'nothing of it stands in the text');
  w.other.awareness.setLocalState({ user: { name: 3, colour: 'x' }, cursor: { anchor: 'nonsense', head: 7 } });
  await until(async () => (await caret.count()) === 0, 'nonsense to be nobody');
  await w.other.close();
  assert.deepEqual(w.wrong, []);
  await w.end();
}

async function offersPieces(world) {
  const w = await world({ text: '本文\n\n' });
  await w.page.keyboard.press('Tab');
  await w.content.focus();
  await w.page.keyboard.press('Control+End');
  await w.page.keyboard.type('/ops-t');
  const list = w.page.getByRole('listbox');
  await list.waitFor();
  const id = await list.getByRole('option', { selected: true }).getAttribute('id');
  assert.equal(await w.content.getAttribute('aria-activedescendant'), id);
  await w.page.keyboard.press('Enter');
  assert.equal(await w.settled(), '本文\n\n```ops-timeline INC-42 starred\n```\n');
  await w.page.keyboard.press('Control+End');
  await w.page.keyboard.type('/');
  await w.page.keyboard.press('ArrowDown');
  await w.page.keyboard.press('Escape');
  assert.equal(await list.count(), 0);
  await w.page.keyboard.press('Backspace');
  await w.page.keyboard.type('- 一');
  await w.page.keyboard.press('Enter');
  await w.page.keyboard.type('二');
  await w.page.keyboard.press('Enter');
  await w.page.keyboard.press('Enter');
  assert.match(await w.settled(), /\n- 一\n- 二\n$/);
  await w.end();
}

async function commentsOnWhatIsChosen(world) {
  const w = await world({ text: TEXT });
  await w.page.keyboard.press('Control+Alt+m');
  await w.caretBehind('本文の');
  await w.page.keyboard.press('Control+Alt+m');
  assert.match(await w.page.locator('[data-notice]').innerText(), /選んで/);
  for (let n = 0; n < 3; n += 1) { await w.page.keyboard.press('Shift+ArrowRight'); }
  await w.page.keyboard.press('Control+Alt+m');
  const field = (name) => w.page.locator(`[data-comment-form] [data-anchor="${name}"]`).inputValue();
  assert.equal(await field('quoted'), '一行目');
  await w.settled();
  const span = spanOf(w.other.text, { start: await field('start'), end: await field('end') });
  assert.equal(w.other.text.toString().slice(span.from, span.to), '一行目');
  assert.equal(await w.page.evaluate(() => document.activeElement.getAttribute('name')), 'body');
  await w.caretBehind('本文の');
  for (let n = 0; n < 3; n += 1) { await w.page.keyboard.press('Shift+ArrowRight'); }
  await w.page.keyboard.press('Control+Alt+s');
  assert.equal(await w.page.locator('[data-anchor="replacement"]').inputValue(), '一行目');
  await w.end();
}

async function marksThreads(world) {
  const w = await world({ text: TEXT });
  const at = TEXT.indexOf('二行目'), thread = { id: 't1', ...anchorsOf(w.other.text, at, at + 3) };
  const give = (threads) => w.page.evaluate((json) => document.querySelector('[data-comments]').setAttribute('data-comments', json), JSON.stringify(threads));
  await give([thread]);
  const mark = w.page.locator('[data-thread="t1"]');
  await mark.waitFor();
  assert.equal(await mark.innerText(), '二行目');
  await w.page.getByRole('button', { name: '引用' }).click();
  assert.equal(await w.page.evaluate(() => getSelection().toString()), '二行目');
  w.other.text.delete(at, 3);
  await until(async () => (await mark.count()) === 0, 'the mark to go with its letters');
  await give([thread, { id: 't2', start: 'x', end: 'y' }]);
  await w.page.locator('#thread-t1[data-detached]').waitFor();
  assert.deepEqual(w.wrong, []);
  await w.end();
}

async function outlinesAndPreviews(world) {
  const w = await world({ text: TEXT });
  const outline = w.page.locator('[data-outline] li');
  assert.deepEqual(await outline.allInnerTexts(), ['概要', '影響']);
  await w.page.locator('[data-outline] button', { hasText: '影響' }).click();
  await w.page.keyboard.type('広い');
  await until(async () => (await outline.allInnerTexts()).length === 1, 'the outline to follow');
  await w.page.getByRole('button', { name: 'プレビュー' }).click();
  const pane = w.page.locator('[data-preview-pane]');
  await pane.getByText('本文の一行目').waitFor();
  await w.caretBehind('一行目');
  await w.page.keyboard.type('追記');
  await pane.getByText('一行目追記').waitFor();
  assert.equal(await w.page.evaluate(() => 'isHurt' in window), false, 'nothing of it runs');
  await w.end();
}

async function searchesInJapanese(world) {
  const w = await world({ text: TEXT });
  await w.content.focus();
  await w.page.keyboard.press('Control+f');
  await w.page.getByRole('textbox', { name: '検索' }).fill('行目');
  await w.page.getByRole('textbox', { name: '置換' }).fill('行');
  await w.page.getByRole('button', { name: 'すべて置換' }).click();
  assert.equal(await w.settled(), TEXT.replaceAll('行目', '行'));
  await w.page.keyboard.press('Escape');
  assert.equal(await w.page.getByRole('textbox', { name: '検索' }).count(), 0);
  await w.end();
}

async function speaksEnglish(world) {
  const w = await world({ text: TEXT, query: '&locale=en' });
  for (const name of ['Bold', 'Insert', 'Comment', 'Preview']) {
    assert.equal(await w.page.getByRole('button', { name, exact: true }).count(), 1, name);
  }
  await until(async () => (await w.page.locator('[data-save-state]').innerText()) === 'Saved', 'the state in English');
  await w.end();
}

async function staysWithinAPhone(world) {
  for (const theme of ['light', 'dark']) {
    const w = await world({ text: `${TEXT}${'長い'.repeat(200)}\n\n| 一 | 二 |\n| --- | --- |\n| \`code\` | **太字** |\n`, query: `&theme=${theme}`, width: 390 });
    const at = TEXT.indexOf('一行目'), place = Y.createRelativePositionFromTypeIndex(w.other.text, at, 0);
    w.other.awareness.setLocalStateField('cursor', { anchor: place, head: place });
    await w.page.locator('.cm-other').waitFor();
    assert.ok(await w.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone');
    const low = await w.page.evaluate(() => [...document.querySelectorAll('[data-tools] button')].filter((one) => one.getBoundingClientRect().height < 24).length);
    assert.equal(low, 0, 'every target can be hit');
    if (process.env.SHOTS) {
      await w.page.screenshot({ path: `${process.env.SHOTS}/phone-${theme}.png` });
      await w.page.setViewportSize({ width: 1280, height: 900 });
      await w.page.getByRole('button', { name: 'プレビュー' }).click();
      await w.content.focus();
      await w.page.keyboard.press('Control+End');
      await w.page.keyboard.type('/');
      await w.page.waitForTimeout(700);
      await w.page.screenshot({ path: `${process.env.SHOTS}/wide-${theme}.png` });
    }
    await w.end();
  }
}

async function passesAxe(world) {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const theme of ['light', 'dark']) {
    const w = await world({ text: TEXT, query: `&theme=${theme}` });
    const place = Y.createRelativePositionFromTypeIndex(w.other.text, 4, 0);
    w.other.awareness.setLocalStateField('cursor', { anchor: place, head: place });
    await w.page.locator('.cm-other').waitFor();
    await w.page.getByRole('button', { name: 'プレビュー' }).click();
    await w.content.focus();
    await w.page.keyboard.press('Control+f');
    await w.content.focus();
    await w.page.keyboard.press('Control+End');
    await w.page.keyboard.type('/');
    await w.page.getByRole('listbox').waitFor();
    // By the protocol, as a reader's own tools would: the policy lets no script of a test in.
    await w.page.evaluate(axe);
    const found = await w.page.evaluate(() => window.axe.run('[data-writing]', { rules: { 'page-has-heading-one': { enabled: false } } }));
    const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(serious.map(({ id, nodes }) => `${theme} ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message}`).join(' | ')}`), []);
    await w.end();
  }
}

/** @type {[string, (world: any) => Promise<string | void>][]} */
export const steps = [
  ['it has a name, a role and a description, and opening it writes nothing', isNamedAndReachable],
  ['Escape, then Tab leaves it', leavesByKeyboard],
  ['undo takes back one’s own edits and nobody else’s', undoesOnlyOnesOwn],
  ['lines end with LF alone', keepsLineFeedsAlone],
  ['a paste above 200 KiB is refused, one below is taken', refusesLargePastes],
  ['the carets of others are over the text, with their names', showsOthers],
  ['a slash offers pieces, Enter continues lists', offersPieces],
  ['a comment takes its anchor from what is chosen', commentsOnWhatIsChosen],
  ['threads are marked where they hang', marksThreads],
  ['the outline and the preview follow the text', outlinesAndPreviews],
  ['searching and replacing speak Japanese', searchesInJapanese],
  ['it speaks English where the reader does', speaksEnglish],
  ['axe finds nothing serious, by day and by night', passesAxe],
  ['it fits a phone, by day and by night', staysWithinAPhone],
];
