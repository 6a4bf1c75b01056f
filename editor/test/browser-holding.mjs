/* What holds when the line does not: blocked, cut, refused, left and come back to. And that Markdown comes out as it went in. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from './server.mjs';

const TEXT = '# 概要\n\n本文の一行目\n';
const databases = (page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
const state = (w) => w.page.locator('[data-save-state]').getAttribute('data-state');

async function staysReadable(world) {
  const w = await world({ text: TEXT });
  w.server.rules.isDeaf = true;
  await w.page.goto('about:blank');
  await w.page.goto(w.address);
  const notice = w.page.locator('[data-notice]');
  await until(async () => (await notice.innerText()).includes('つながりません'), 'the reader to be told', 9000);
  assert.ok(await w.page.locator('[data-fallback]').isVisible());
  assert.equal(await w.content.count(), 0);
  w.server.rules.isDeaf = false;
  await w.content.waitFor();
  assert.equal(await notice.innerText(), '');
  await w.end();
}

async function keepsWhatWasTypedOffline(world) {
  const w = await world({ text: TEXT });
  await w.settled();
  w.server.rules.isDeaf = true;
  w.server.cut();
  await until(async () => (await state(w)) === 'offline', 'the line to be missed');
  await w.caretBehind('一行目');
  await w.page.keyboard.type('オフライン');
  w.other.text.insert(0, '他人\n');
  await w.page.waitForTimeout(300);
  await w.page.goto('about:blank');
  w.server.rules.isDeaf = false;
  await until(() => w.other.saving.state === 'saved', 'the other to be back');
  await w.page.goto(w.address);
  await w.content.waitFor();
  await until(() => w.server.text(w.room) === `他人\n${TEXT.replace('一行目', '一行目オフライン')}`, 'both edits to be there');
  await until(async () => (await state(w)) === 'saved', 'it to be confirmed');
  assert.equal(await w.page.evaluate(() => Object.keys(localStorage).length), 0, 'nothing is marked as unsent');
  await w.end();
}

async function leavesNothingToTheRevoked(world) {
  const w = await world({ text: TEXT });
  await w.settled();
  assert.equal((await databases(w.page)).length, 1);
  w.server.rules.refusesWith = 4403;
  w.server.drop(4403);
  await until(async () => (await w.page.locator('[data-notice]').innerText()).includes('権限がなくなりました'), 'the sentence');
  assert.ok(await w.page.locator('[data-fallback]').isVisible(), 'it can be read, as far as the screen may be');
  await until(async () => (await databases(w.page)).length === 0, 'the copy to be gone');
  assert.deepEqual(w.wrong, []);
  await w.end();
}

async function offersWhatWasNotSaved(world) {
  const w = await world({ text: TEXT });
  await w.settled();
  w.server.rules.echoes = false;
  await w.caretBehind('一行目');
  await w.page.keyboard.type('未保存');
  w.server.rules.refusesWith = 4404;
  w.server.drop(4404);
  const download = w.page.waitForEvent('download');
  await w.page.getByRole('button', { name: '手元にダウンロード' }).click();
  assert.match(readFileSync(await (await download).path(), 'utf8'), /一行目未保存/);
  await until(async () => (await databases(w.page)).length === 0, 'the copy to be gone');
  w.server.rules.echoes = true;
  await w.end();
}

async function goesOnAfterSigningIn(world) {
  const w = await world({ text: TEXT });
  await w.settled();
  w.server.rules.refusesWith = 4401;
  w.server.drop(4401);
  await w.page.getByRole('link', { name: 'サインイン' }).waitFor();
  await w.caretBehind('一行目');
  await w.page.keyboard.type('続き');
  w.server.rules.refusesWith = 0;
  w.other.connect();
  await w.page.getByRole('button', { name: 'つなぎ直す' }).click();
  assert.match(await w.settled(), /一行目続き/);
  await until(async () => (await w.page.locator('[data-notice]').innerText()) === '', 'the notice to go');
  await w.end();
}

async function clearsAtSignOut(world) {
  const w = await world({ text: TEXT });
  await w.settled();
  w.server.rules.echoes = false;
  await w.caretBehind('一行目');
  await w.page.keyboard.type('未送信');
  await w.page.locator('#out').click();
  await w.page.getByRole('button', { name: 'やめる' }).click();
  assert.equal((await databases(w.page)).length, 1);
  await w.page.locator('#out').click();
  const left = w.page.waitForURL('**/sign-out');
  await w.page.getByRole('button', { name: '破棄してサインアウト' }).click();
  await left;
  assert.deepEqual(await databases(w.page), []);
  w.server.rules.echoes = true;
  await w.end();
}

async function outlivesTheScreen(world) {
  const w = await world({ text: TEXT });
  await w.settled();
  await w.caretBehind('一行目');
  await w.page.evaluate(() => { window.kept = document.querySelector('.cm-editor'); });
  const go = (query) => w.page.evaluate((search) => {
    history.replaceState(null, '', search);
    window.mimamoriScreen.refresh(document.querySelector('[data-served]'));
  }, query);
  await go(`/?room=${w.room}&turn=2`);
  await w.page.locator('#turn', { hasText: '2' }).waitFor();
  await w.page.keyboard.type('続き');
  assert.ok(await w.page.evaluate(() => window.kept === document.querySelector('.cm-editor') && window.kept.isConnected));
  assert.match(await w.settled(), /一行目続き/);
  const n_connected = () => w.other.awareness.getStates().size;
  await until(() => n_connected() === 2, 'both to be here');
  await go('/?room=none');
  await w.page.getByText('ほかの画面').waitFor();
  await until(() => n_connected() === 1, 'the editor to have left');
  await go(`/?room=${w.room}&turn=3`);
  await w.content.waitFor();
  assert.ok(await w.page.evaluate(() => window.kept !== document.querySelector('.cm-editor')));
  assert.deepEqual(w.wrong, []);
  await w.end();
}

async function readsOnly(world) {
  const w = await world({ text: TEXT, query: '&read' });
  assert.equal(await w.content.getAttribute('aria-readonly'), 'true');
  await w.content.focus();
  await w.page.keyboard.type('だめ');
  w.other.text.insert(0, '他人\n');
  await until(async () => (await w.shown()).startsWith('他人'), 'to see others write');
  assert.equal(w.server.text(w.room), `他人\n${TEXT}`);
  assert.deepEqual(await databases(w.page), []);
  assert.equal(w.other.awareness.getStates().size, 1);
  await w.end();
}

function markdownFiles(limit) {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const names = readdirSync(root, { recursive: true }).map(String).filter((name) => /\.(md|markdown|txt)$/i.test(name)).sort();
  const found = names.map((name) => readFileSync(`${root}${name}`, 'utf8').replace(/\r\n?/g, '\n').slice(0, 60_000)).filter((text) => text.length > 0);
  return Array.from({ length: limit }, (_, n) => `${n < found.length ? '' : `# 第 ${n} 版 𠮷か゛👩‍💻\n\t \n`}${found[n % found.length]}`);
}

async function givesBackMarkdown(world) {
  const files = markdownFiles(Number(process.env.FILES ?? 200));
  const w = await world({ text: '始' });
  await w.content.focus();
  let n_different = 0;
  for (const text of files) {
    w.other.doc.transact(() => { w.other.text.delete(0, w.other.text.length); w.other.text.insert(0, text); });
    await until(() => w.server.text(w.room) === text, 'the file to be there');
    await until(() => w.page.evaluate((first) => document.querySelector('.cm-line').textContent === first, text.split('\n')[0]), 'the editor to show it');
    await w.page.keyboard.press('Control+Home');
    await w.page.keyboard.type('x日');
    await until(() => w.server.text(w.room).length === text.length + 2, 'what was typed');
    await w.page.keyboard.press('Control+z');
    await until(() => w.server.text(w.room).length === text.length, 'what was undone');
    n_different += w.server.text(w.room) === text ? 0 : 1;
  }
  assert.equal(n_different, 0);
  await w.end();
  return `${files.length} files, ${n_different} differ`;
}

/** @type {[string, (world: any) => Promise<string | void>][]} */
export const steps = [
  ['without a line it can be read, and the reader is told', staysReadable],
  ['what was typed offline survives a closed tab', keepsWhatWasTypedOffline],
  ['whoever loses the right keeps no copy', leavesNothingToTheRevoked],
  ['what was not saved is offered before it goes', offersWhatWasNotSaved],
  ['after signing in again it goes on', goesOnAfterSigningIn],
  ['signing out clears what was kept, after asking', clearsAtSignOut],
  ['a screen drawn anew leaves the editor alone, another screen ends it', outlivesTheScreen],
  ['who may only read sees others write', readsOnly],
  ['Markdown comes out as it went in', givesBackMarkdown],
];
