import type { Page } from '@playwright/test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, test } from './screens';
import { makeToken } from './senders/token';

const FIXTURES = join(__dirname, '..', 'server', 'dashboards', 'src', 'grafana', 'fixtures');
/** As Grafana exports it. */
const HOSTS = join(FIXTURES, 'hosts.json');
const TITLE = 'Linux hosts / Full';
const BOARD = '/d/linux-hosts-full';
/** A small one of ours. */
const MEMORY = `dashboards:
- slug: journey-memory
  title: メモリの旅
  panels:
  - {id: memory, title: メモリ, queries: [node_memory_MemTotal_bytes], unit: bytes}
`;
const FIRST_PNG_BYTES = [0x89, 0x50, 0x4e, 0x47];
/** A file that is refused is answered with an honest status, which the browser writes down. */
const REFUSED = /status of (409|422) .*\/dashboards\/import/;

test.describe.configure({ mode: 'serial' });

let house: House;
let signedIn: SignedIn;
/** The dashboard as YAML, as it came in. */
let exported = '';

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
});
test.afterAll(async () => {
  await house?.close();
});

/** Applies a text with the command, and returns what it prints. */
async function apply(text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'mimamori-boards-'));
  try {
    await writeFile(join(dir, 'boards.yaml'), text);
    return await house.command('apply', dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Opens what is folded behind a summary, and presses the button in it. */
async function sure(page: Page, summary: string | RegExp, button: string): Promise<void> {
  const menu = page.locator('details', { has: page.locator('summary', { hasText: summary }) }).first();
  await menu.locator('summary').click();
  await menu.getByRole('button', { name: button, exact: true }).click();
}

test('without JavaScript a dashboard of Grafana comes in, and what was not mapped stands there with its place and the reason', async ({
  somebody,
  excused,
}) => {
  excused.push(REFUSED);
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto('/dashboards/import');

  // What is no dashboard is refused where it was sent from, with what had been pasted.
  await page.getByLabel('または貼り付け').fill('{"title": ');
  await page.getByRole('button', { name: '取り込む', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('JSON として読めません');
  await expect(page.getByLabel('または貼り付け')).toHaveValue('{"title": ');

  await page.getByLabel('または貼り付け').fill('');
  await page.getByLabel('ファイル', { exact: true }).setInputFiles(HOSTS);
  await page.getByLabel('コメント').fill('Grafana から引っ越し');
  await page.getByRole('button', { name: '取り込む', exact: true }).click();
  await expect(page).toHaveURL(/\/dashboards\/import\?made=linux-hosts-full&version=1$/);
  await expect(page.getByText('取り込みました。', { exact: true })).toBeVisible();
  const notes = page.getByRole('table', { name: '取り込めなかった設定' });
  await expect(notes.getByRole('row').filter({ hasText: 'templating.list[5]' })).toContainText('Filters');
  await expect(notes.getByRole('row').filter({ hasText: 'annotations.list[1]' })).toContainText('Reboots');

  await page.getByRole('link', { name: TITLE, exact: true }).click();
  await expect(page).toHaveURL(BOARD);
  await expect(page.getByRole('heading', { level: 1, name: TITLE })).toBeVisible();
});

test('it goes out as YAML that changes nothing when it is applied', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  const file = await page.request.get(`${BOARD}/export`);
  expect(file.headers()['content-type']).toBe('application/yaml');
  expect(file.headers()['content-disposition']).toContain('linux-hosts-full.yaml');
  exported = await file.text();
  expect(exported).toContain('slug: linux-hosts-full');
  expect(await apply(exported)).toMatch(/dashboards unchanged|\b1 same/);
});

test('a program puts a dashboard and gets it back, as far as its token lets it', async () => {
  const [writer, reader] = [
    await makeToken(house, signedIn, 'boards in', ['dashboards:write']),
    await makeToken(house, signedIn, 'boards out', ['read']),
  ];
  const at = `${house.url}/api/v1/dashboards/journey-memory`;
  const by = (token: string) => ({ authorization: `Bearer ${token}` });
  const put = (token: string) => fetch(at, { method: 'PUT', headers: by(token), body: MEMORY });
  expect((await put(reader)).status).toBe(403);
  const made = await put(writer);
  expect([made.status, await made.json()]).toEqual([201, { slug: 'journey-memory', version: 1, result: 'added' }]);
  expect(await (await put(writer)).json()).toEqual({ slug: 'journey-memory', version: 1, result: 'same' });
  const got = await fetch(at, { headers: by(reader) });
  expect([got.status, got.headers.get('content-type'), got.headers.get('etag')]).toEqual([200, 'application/yaml', '"1"']);
  expect(await got.text()).toContain('slug: journey-memory');
  expect((await fetch(at)).status).toBe(401);
});

test('a panel goes out as a table and as pictures', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  const panel = '/d/journey-memory/panel';
  const asked = '?panel=memory&range=15m';
  await expect(async () => {
    const table = await page.request.get(`${panel}.csv${asked}`);
    expect(table.headers()['content-type']).toBe('text/csv; charset=utf-8');
    // Under its head a line with a number.
    expect(await table.text()).toMatch(/\n.*\d{6,}/);
  }).toPass({ timeout: 60_000 });
  const svg = await page.request.get(`${panel}.svg${asked}`);
  expect(svg.headers()['content-type']).toBe('image/svg+xml');
  expect(svg.headers()['content-disposition']).toContain('journey-memory-memory.svg');
  expect(await svg.text()).toContain('xmlns="http://www.w3.org/2000/svg"');
  const png = await page.request.get(`${panel}.png${asked}`);
  expect(png.headers()['content-type']).toBe('image/png');
  expect([...(await png.body()).subarray(0, 4)]).toEqual(FIRST_PNG_BYTES);
  // Of a number there is no picture, and of nothing there is nothing.
  expect((await page.request.get(`${BOARD}/panel.png?panel=uptime`)).status()).toBe(422);
  expect((await page.request.get(`${BOARD}/panel.csv?panel=nothing`)).status()).toBe(404);
});

test('its history says who changed what, and brings back what it said before', async ({ somebody }) => {
  await apply(exported.replace('title: Linux hosts / Full', 'title: Linux hosts'));
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto(`${BOARD}/history`);
  const versions = page.getByRole('table', { name: '版' });
  await expect(versions.getByRole('row').filter({ hasText: '版 1' })).toContainText('Grafana から引っ越し');
  await expect(versions.getByRole('row').filter({ hasText: '版 1' })).toContainText(hanako.name);
  await expect(page.getByRole('link', { name: /取り込めなかった設定 \d+ 件/ })).toBeVisible();

  await page.getByRole('radio', { name: '版 1を比較元にする' }).check();
  await page.getByRole('radio', { name: '版 2を比較先にする' }).check();
  await page.getByRole('button', { name: '比較', exact: true }).click();
  const changed = page.getByRole('table', { name: '違い' }).getByRole('row').filter({ hasText: '題名' });
  await expect(changed.getByRole('deletion')).toHaveText(TITLE);
  await expect(changed.getByRole('insertion')).toHaveText('Linux hosts');

  await versions.getByRole('row').filter({ hasText: '版 1' }).locator('summary').click();
  await versions.getByRole('row').filter({ hasText: '版 1' }).getByRole('button', { name: '戻す', exact: true }).click();
  await expect(page).toHaveURL(`${BOARD}/history?done=restored`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(TITLE);
  await expect(versions.getByRole('row').filter({ hasText: '版 3' })).toContainText('最新');
});

test('it is thrown away, and comes back with its history', async ({ somebody }) => {
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto(`${BOARD}/history`);
  await sure(page, /^削除$/, '削除する');
  await expect(page).toHaveURL('/dashboards/trash?done=removed');
  const row = page.getByRole('row').filter({ hasText: TITLE });
  await expect(row).toContainText(hanako.name);
  expect((await page.request.get(`${BOARD}/export`)).status()).toBe(404);

  await row.getByRole('button', { name: `元に戻す: ${TITLE}` }).click();
  await expect(page).toHaveURL(BOARD);
  await page.goto(`${BOARD}/history`);
  await expect(page.getByRole('table', { name: '版' }).getByRole('row').filter({ hasText: '版 3' })).toContainText('最新');
});

test('a new one begins like one there is, and a file of ours is written over another only where that is wished', async ({
  somebody,
  excused,
}) => {
  excused.push(REFUSED);
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto('/dashboards/new');
  await page.getByRole('button', { name: '作成', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('題名を入力してください');
  await page.getByLabel('題名（英語）').fill('My hosts');
  await page.getByLabel('もとにするもの').selectOption({ label: TITLE });
  await page.getByRole('button', { name: '作成', exact: true }).click();
  await expect(page).toHaveURL('/d/my-hosts/edit');
  expect(await (await page.request.get('/d/my-hosts/export')).text()).toContain('id: cpu-busy');

  const paste = async (isOver: boolean) => {
    await page.goto('/dashboards/import');
    await page.getByLabel('または貼り付け').fill(MEMORY.replace('メモリの旅', 'メモリの量'));
    if (isOver) await page.getByLabel(/新しい版として上書きする/).check();
    await page.getByRole('button', { name: '取り込む', exact: true }).click();
  };
  await paste(false);
  await expect(page.getByRole('alert')).toContainText('「journey-memory」はすでにあります');
  await paste(true);
  await expect(page).toHaveURL('/dashboards/import?made=journey-memory');
  await expect(page.getByRole('link', { name: 'メモリの量', exact: true })).toBeVisible();
});
