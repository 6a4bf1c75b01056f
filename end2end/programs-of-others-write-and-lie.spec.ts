import { request, type Page } from '@playwright/test';
import { field, hire, makeTeam, sato, suzuki, type Colleague } from './crew';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, isLive, test } from './screens';
import { Bare, changeOf, framed, lineTo, TheirServer, Writer, type Line } from './writers';

/** y-websocket takes a connection for dead that says nothing for half of that. */
const QUIET_MS = 60_000;
/** Where nothing is: a document that nobody made, and what is no id. */
const NOWHERE = ['0191d3a5-7c00-7000-8000-000000000001', 'no-document'];
/** A change that is let in, and so many of them that no buffer between here and there holds them. */
const LARGE = 200_000;
const N_LARGE = 100;

test.describe.configure({ mode: 'serial' });

let house: House;
/** Rooms, as editors ask for them. */
let [together, quiet, closed] = ['', '', ''];
/** Where the first of them is read. */
let reading = '';
const lines = new Map<Colleague, Line>();
const cookies = new Map<Colleague, SignedIn>();
const writers: Writer[] = [];
/** Nobody else is where this one is. */
let idle: Writer;
let idleSince = 0;

function writer(line: Line, document: string, number?: number): Writer {
  const made = new Writer(line, document, number);
  writers.push(made);
  return made;
}

function lineOf(who: Colleague): Line {
  return lines.get(who) ?? lineTo(house);
}

async function synced(...all: Writer[]): Promise<void> {
  for (const one of all) await expect.poll(() => one.isSynced()).toBe(true);
}

/** All of them have the same, and this is in it. */
async function agree(all: Writer[], part: string): Promise<void> {
  for (const one of all) await expect.poll(() => one.text.toString()).toContain(part);
  for (const one of all) await expect.poll(() => one.text.toString() === all[0].text.toString()).toBe(true);
}

/** Makes a document: its address, and its room. */
async function written(desk: Page, title: string): Promise<[path: string, room: string]> {
  await desk.goto('/documents/new?template=runbook');
  await field(desk, '題名').fill(title);
  await desk.getByRole('button', { name: '作成して書き始める' }).click();
  await expect(desk.getByRole('heading', { level: 1, name: title })).toBeVisible();
  const room = await desk.locator('[data-room]').getAttribute('data-room');
  return [new URL(desk.url()).pathname.replace(/\/edit$/, ''), room ?? ''];
}

/** From now on only a team may see it. */
async function closeTo(desk: Page, path: string, team: string): Promise<void> {
  await desk.goto(`${path}/settings`);
  const rights = desk.locator('section').filter({ has: desk.getByRole('heading', { level: 2, name: '権限', exact: true }) });
  await rights.getByLabel('権限の決め方', { exact: true }).selectOption('own');
  await rights.getByLabel('全員', { exact: true }).selectOption('none');
  await rights.getByLabel(team, { exact: true }).selectOption('write');
  await rights.getByRole('button', { name: '保存', exact: true }).click();
  await expect(desk.getByText('権限を変更しました。')).toBeVisible();
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  house = await House.open('given');
  const boss = await moveIn(house, hanako);
  const [desk, hired] = await hire(browser, house, boss, [sato, suzuki]);
  for (const [who, signedIn] of [[hanako, boss], [sato, hired[0]], [suzuki, hired[1]]] as const) {
    cookies.set(who, signedIn);
    lines.set(who, lineTo(house, signedIn));
  }
  await makeTeam(desk, 'SRE', [hanako]);
  const [secret, room] = await written(desk, '閉じた手順');
  closed = room;
  await closeTo(desk, secret, 'SRE');
  [reading, together] = await written(desk, 'みんなの手順');
  [, quiet] = await written(desk, '静かな手順');
  await desk.close();
  idle = writer(lineOf(sato), quiet);
  await synced(idle);
  idleSince = Date.now();
});
test.afterAll(async () => {
  writers.forEach((one) => one.close());
  await house?.close();
});

/** What two do: the same edits in the same order, some of them while neither hears the other. What they added, and their clocks. */
async function play(line: Line, document: string): Promise<[added: string, clocks: Record<string, number>]> {
  const both = [writer(line, document, 11), writer(line, document, 22)];
  const [one, other] = both;
  await synced(one, other);
  const before = one.text.toString();
  one.text.insert(0, '# 概要 𠮷野家\n');
  await agree(both, '野家');
  other.text.insert(5, '👩‍👩‍👧か\u3099');
  await agree(both, '👩‍👩‍👧');
  // Between the two halves of a letter.
  one.text.insert(one.text.toString().indexOf('𠮷') + 1, 'x');
  await agree(both, '\ufffdx\ufffd');
  both.forEach((writing) => writing.leave());
  one.text.insert(0, '甲');
  other.text.insert(0, '乙');
  other.text.delete(1, 2);
  both.forEach((writing) => writing.comeBack());
  await agree(both, '甲');
  await agree(both, '乙');
  const text = one.text.toString();
  expect(text.endsWith(before)).toBe(true);
  const clocks = Object.fromEntries(Object.entries(other.clocks()).filter(([number]) => ['11', '22'].includes(number)));
  both.forEach((writing) => writing.close());
  return [text.slice(0, text.length - before.length), clocks];
}

test('y-websocket of its authors writes here what it writes at the server of its authors', async () => {
  const theirs = await TheirServer.open();
  const expected = await play(theirs.line, together);
  await theirs.close();
  expect(await play(lineOf(sato), together)).toEqual(expected);
});

test('it sees who is where, under the names we know them by', async () => {
  const [one, other] = [writer(lineOf(sato), together), writer(lineOf(suzuki), together)];
  await synced(one, other);
  one.says('user', { name: '社長', color: '#000' });
  one.says('cursor', { anchor: 1 });
  await expect.poll(() => other.saidBy(one.number)).toMatchObject({ user: { name: sato.name }, cursor: { anchor: 1 } });
  // Whoever asks who is there is told.
  const asks = new Bare(lineOf(suzuki), together);
  await expect.poll(() => asks.heard.length).toBeGreaterThanOrEqual(2);
  const before = asks.heard.length;
  asks.send(Uint8Array.of(3));
  await expect.poll(() => asks.heard.slice(before).some((frame) => frame[0] === 1 && frame.includes(sato.name))).toBe(true);
  asks.close();
  one.close();
  await expect.poll(() => other.saidBy(one.number)).toBeUndefined();
  other.close();
});

test('whoever reads loads nothing of the editor, whoever writes does', async ({ somebody }) => {
  const page = await somebody(house, { storageState: cookies.get(hanako) });
  const editors: string[] = [];
  page.on('request', (asked) => {
    if (/\/editor[^/]*\.js$/.test(new URL(asked.url()).pathname)) editors.push(asked.url());
  });
  await page.goto(reading);
  await isLive(page);
  expect(editors).toEqual([]);
  await page.goto(`${reading}/edit`);
  await expect(page.getByRole('textbox', { name: '本文', exact: true })).toBeVisible();
  expect(editors).toHaveLength(1);
});

test('who may not is told so before a letter of the text, and does not come back', async () => {
  for (const [line, document, code] of [
    [lineOf(sato), closed, 4403],
    [lineTo(house), together, 4401],
    [lineOf(sato), NOWHERE[0], 4404],
    [lineOf(sato), NOWHERE[1], 4404],
  ] as const) {
    const bare = new Bare(line, document);
    await expect.poll(() => bare.code).toBe(code);
    expect(bare.heard.map((frame) => [frame[0], frame[1]])).toEqual([[2, 0]]);
    const refused = writer(line, document);
    await expect.poll(() => refused.ends).toEqual([code]);
    expect([refused.nBroken, refused.text.length]).toEqual([1, 0]);
    refused.close();
  }
  const insider = writer(lineOf(hanako), closed);
  await synced(insider);
  insider.close();
  const elsewhere = new Bare(lineTo(house, cookies.get(sato), 'https://elsewhere.example'), together);
  await expect.poll(() => elsewhere.status).toBe(403);
  expect(elsewhere.heard).toEqual([]);
});

test('whoever lies or shouts is closed with the right code, nothing of it is kept, and the others write on', async () => {
  const [one, other] = [writer(lineOf(sato), together), writer(lineOf(suzuki), together)];
  await synced(one, other);
  const [before, clocks] = [one.text.toString(), one.clocks()];
  const honest = changeOf('嘘');
  for (const [frame, code] of [
    [honest.slice(0, -1), 4400],
    [Uint8Array.of(0, 2, 200, 1), 4400],
    [Uint8Array.of(2, 1), 4400],
    [new Uint8Array(0), 4400],
    ['{"type":"update"}', 4400],
    [framed([0, 2], new Uint8Array(300 * 1024)), 4413],
    [new Uint8Array(2 * 1024 * 1024), 4413],
  ] as const) {
    const liar = new Bare(lineOf(sato), together);
    await expect.poll(() => liar.heard.length).toBeGreaterThan(0);
    liar.send(frame);
    await expect.poll(() => liar.code).toBe(code);
  }
  expect([one.text.toString(), one.clocks()]).toEqual([before, clocks]);
  one.text.insert(0, '続ける\n');
  await agree([one, other], '続ける');
  expect([one.nBroken, other.nBroken]).toEqual([0, 0]);
  one.close();
  other.close();
});

test('who signs out while typing is closed at once, and what they type then is kept nowhere', async () => {
  const [one, other] = [writer(lineOf(sato), together), writer(lineOf(suzuki), together)];
  await synced(one, other);
  other.text.insert(0, '最後の一行\n');
  await agree([one, other], '最後の一行');
  const browser = await request.newContext({
    baseURL: house.url,
    storageState: cookies.get(suzuki),
    extraHTTPHeaders: { origin: house.url },
  });
  const left = await browser.post('/sign-out', { maxRedirects: 0 });
  expect(left.status()).toBe(303);
  await browser.dispose();
  await expect.poll(() => other.ends).toEqual([4401]);
  other.text.insert(0, '書けない\n');
  one.text.insert(0, '残った人\n');
  const late = writer(lineOf(sato), together);
  await agree([one, late], '残った人');
  expect(late.text.toString()).toContain('最後の一行');
  expect(late.text.toString()).not.toContain('書けない');
  expect(one.nBroken).toBe(0);
  [one, other, late].forEach((writing) => writing.close());
});

test('who never reads is let go, and the others write on', async () => {
  test.setTimeout(240_000);
  const [one, other] = [writer(lineOf(sato), together), writer(lineOf(hanako), together)];
  await synced(one, other);
  const silent = new Bare(lineOf(sato), together);
  await expect.poll(() => silent.heard.length).toBeGreaterThan(0);
  silent.stopListening();
  const before = one.text.length;
  for (let n = 0; n < N_LARGE; n += 1) {
    one.text.insert(0, 'x'.repeat(LARGE));
    await expect.poll(() => other.text.length, { intervals: [10] }).toBe(before + LARGE);
    one.text.delete(0, LARGE);
    await expect.poll(() => other.text.length, { intervals: [10] }).toBe(before);
  }
  silent.listenAgain();
  // The word of it is lost where no byte went through any more.
  await expect.poll(() => silent.code).toBeDefined();
  expect([4508, 1006]).toContain(silent.code);
  expect([one.nBroken, other.nBroken]).toEqual([0, 0]);
  const again = writer(lineOf(sato), together);
  await synced(again);
  await agree([one, other, again], '残った人');
});

test('who is alone and says nothing stays connected', async () => {
  test.setTimeout(QUIET_MS * 2);
  await expect.poll(() => Date.now() - idleSince, { timeout: QUIET_MS + 10_000 }).toBeGreaterThan(QUIET_MS);
  expect([idle.nBroken, idle.ends]).toEqual([0, []]);
  const other = writer(lineOf(hanako), quiet);
  await synced(other);
  other.text.insert(0, 'まだいますか\n');
  await agree([idle, other], 'まだいますか');
});
