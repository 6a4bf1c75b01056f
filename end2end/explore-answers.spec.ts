import type { Locator, Page } from '@playwright/test';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, isLive, test } from './screens';
import { makeToken } from './senders/token';

const MINUTE_S = 60;
/** Minutes of the past, and of the window in which it jumped. */
const PAST_MIN = 24;
const WINDOW_MIN = 3;

test.describe.configure({ mode: 'serial' });

let house: House;
let signedIn: SignedIn;
/** Where the window ends: a whole minute, in seconds. */
let endS: number;
let token: string;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
  endS = Math.floor(Date.now() / 1000 / MINUTE_S) * MINUTE_S;
  token = await makeToken(house, signedIn, '行列', ['metrics:write']);
  await writeQueues();
});
test.afterAll(async () => {
  await house?.close();
});

/** Two queues over half an hour, of which one jumps in the last minutes. */
async function writeQueues(): Promise<void> {
  const begins = endS - (PAST_MIN + WINDOW_MIN) * MINUTE_S;
  const times = Array.from({ length: (endS - begins) / 15 + 1 }, (_, index) => begins + index * 15);
  const jumps = endS - WINDOW_MIN * MINUTE_S;
  const points = (value: (timestamp: number) => number) => times.map((timestamp) => ({ timestamp, value: value(timestamp) }));
  const wobbles = (timestamp: number) => 10 + ((timestamp / 15) % 3);
  await write('journey_calm', points(wobbles));
  await write('journey_queue', points((at) => (at > jumps ? 500 : wobbles(at))));
}

/** Three series, whose numbers stand the other way round than their words. */
async function writeLanes(): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1000) - 10;
  for (const [host, value] of [['lane-2', 30], ['lane-3', 20], ['lane-10', 10]] as const) {
    await write('journey_lane', [{ timestamp, value }], host);
  }
}

async function write(metric: string, points: { timestamp: number; value: number }[], host = 'app-01'): Promise<void> {
  const resources = [{ type: 'host', name: host }];
  const body = { series: [{ metric, type: 3, tags: ['team:shop'], resources, points }] };
  const answer = await fetch(`${house.url}/api/v2/series`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(202);
}

function explore(...queries: string[]): string {
  return `/explore?${queries.map((query) => `q=${encodeURIComponent(query)}`).join('&')}`;
}

/** A field by the whole of its name: some names are part of others. */
function field(page: Page, name: string): Locator {
  return page.getByLabel(name, { exact: true });
}

/** What unfolds under a heading of its own. */
function fold(page: Page, name: string): Locator {
  return page.locator('details', { has: page.locator('summary', { hasText: name }) });
}

async function unfold(page: Page, name: string): Promise<Locator> {
  const found = fold(page, name);
  if (!(await found.evaluate((details) => (details as HTMLDetailsElement).open))) await found.locator('summary').click();
  return found;
}

function press(page: Page | Locator, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).filter({ visible: true }).click();
}

test('two queries are answered in one graph, and one that fails leaves the other', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/explore?range=15m');
  await isLive(page);
  await field(page, '式').fill('journey_queue');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page).toHaveURL('/explore?range=15m&q=journey_queue');
  await expect(page.getByRole('table', { name: '系列' })).toContainText('app-01');

  await press(page, '式を追加');
  await field(page, '式 B').fill('rate(journey_calm');
  await press(page, '実行');
  await expect(page.getByText('式に誤りがあるため実行していません。')).toBeVisible();
  await expect(field(page, '式 B')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('table', { name: '式 A' })).toContainText('app-01');

  await field(page, '式 B').fill('journey_calm');
  await press(page, '実行');
  await expect(page.getByRole('table', { name: '式 B' })).toContainText('journey_calm');
  await expect(page.getByRole('application')).toHaveCount(1);

  // What is hidden keeps its text, and is not asked.
  await press(page, 'A を隠す');
  await expect(page.getByRole('table', { name: '式 A' })).toHaveCount(0);
  await expect(field(page, '式 A')).toHaveValue('journey_queue');
  await press(page, 'A を削除');
  await expect(field(page, '式')).toHaveValue('journey_calm');

  await page.getByRole('link', { name: '1日前', exact: true }).click();
  await expect(page).toHaveURL(/split=24h/);
  await expect(page.getByText('該当する系列がありません')).toBeVisible();
});

test('the newest sample reaches the graph by the stream, before the screen is drawn anew', async ({ somebody }) => {
  const say = (value: number, agoS: number) =>
    write('journey_live', [{ timestamp: Math.floor(Date.now() / 1000) - agoS, value }]);
  await say(3, 30);
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(`${explore('journey_live')}&range=15m`);
  await isLive(page);
  // In the legend a series is a button; in the table below it is a link.
  const line = page.getByRole('row').filter({ has: page.getByRole('button', { name: /journey_live/ }) });
  await expect(line).toContainText('3');
  await say(777, 0);
  await expect(line).toContainText('777', { timeout: 12_000 });
});

test('a table is sorted by its heads, by pointer and by key, and the order stands in the address', async ({ somebody }) => {
  await writeLanes();
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(`${explore('journey_lane')}&mode=instant`);
  await isLive(page);
  const rows = page.getByRole('table', { name: '系列' }).getByRole('row');
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await head('値').getByRole('link').click();
  await expect(page).toHaveURL(/sort=value&order=desc/);
  await expect(head('値')).toHaveAttribute('aria-sort', 'descending');
  await expect(rows.nth(1)).toContainText('lane-2');
  await head('値').getByRole('link').press('Enter');
  await expect(page).toHaveURL(/sort=value&order=asc/);
  await expect(rows.nth(1)).toContainText('lane-10');
  // Only what is a number as a whole stands by its size; these are words.
  await head('host').getByRole('link').press('Enter');
  await expect(page).toHaveURL(/sort=label-host&order=asc/);
  await expect(head('host')).toHaveAttribute('aria-sort', 'ascending');
  await expect(head('値')).not.toHaveAttribute('aria-sort');
  await expect(rows.nth(2)).toContainText('lane-2');
});

test('without JavaScript a table is sorted too, the whole of it before it is cut', async ({ somebody }) => {
  await writeLanes();
  const page = await somebody(house, { storageState: signedIn, javaScriptEnabled: false });
  await page.goto(`${explore('label_replace(journey_lane, "n", "$1", "host", "lane-(.*)")')}&mode=instant`);
  await page.getByRole('columnheader', { name: 'n', exact: true }).getByRole('link').click();
  const rows = page.getByRole('table', { name: '系列' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('lane-2');
  await expect(rows.nth(2)).toContainText('lane-3');
  await expect(rows.nth(3)).toContainText('lane-10');
});

test('what was asked stands in the history until it is forgotten', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(explore('journey_queue > 1'));
  await isLive(page);
  const links = fold(page, '履歴').getByRole('link');
  await unfold(page, '履歴');
  await expect(links.first()).toHaveText('journey_queue > 1');
  await links.filter({ hasText: /^journey_calm$/ }).click();
  await expect(page).toHaveURL('/explore?q=journey_calm');
  await expect(field(page, '式')).toHaveValue('journey_calm');
  await unfold(page, '履歴');
  await expect(links.first()).toHaveText('journey_calm');
  await press(page, '履歴をすべて消す');
  await expect(links.filter({ hasText: 'journey_queue > 1' })).toHaveCount(0);
});

test('names are looked through down to a value, which is put in beside what is half written', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/explore');
  await isLive(page);
  await field(page, '式').fill('sum(journey_calm)');
  const names = await unfold(page, '名前を探す');
  await field(page, 'メトリクス名').fill('queue');
  await press(names, '探す');
  await press(names, 'journey_queue の中を見る');
  await expect(names).toContainText('値 1 種類');
  await press(names, 'host の中を見る');
  await press(names, 'journey_queue{host="app-01"} を式に入れる');
  await expect(field(page, '式 A')).toHaveValue('sum(journey_calm)');
  await expect(field(page, '式 B')).toHaveValue('journey_queue{host="app-01"}');
  await expect(page.getByRole('table', { name: '式 B' })).toContainText('app-01');
});

test('a question becomes a panel of a new dashboard, and a rule', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(explore('sum(journey_queue)'));
  await isLive(page);
  await unfold(page, 'ダッシュボードに追加');
  await press(page, 'パネルの設定へ進む');
  await expect(page.getByRole('alert')).toBeVisible();
  await field(page, '新しいダッシュボードの題名').fill('Queues of the journey');
  await press(page, 'パネルの設定へ進む');
  await expect(page).toHaveURL(/\/d\/queues-of-the-journey\/edit\?part=panel/);
  await expect(field(page, '式').first()).toHaveValue('sum(journey_queue)');

  await page.goto(explore('sum(journey_queue)'));
  await page.getByRole('link', { name: 'アラートルールにする' }).click();
  await expect(page).toHaveURL(/\/rules\/new\?draft/);
  await expect(page.getByLabel(/^式/)).toHaveValue('sum(journey_queue)');
});

test('a marked window shows what jumped in it', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(`${explore('journey_calm')}&from=${(endS - WINDOW_MIN * MINUTE_S) * 1000}&to=${endS * 1000}`);
  await page.getByRole('link', { name: '表示中の期間で、ほかに変わったものを探す' }).click();
  await expect(page).toHaveURL(/mark=\d+-\d+/);
  const found = page.getByRole('table', { name: 'いつもと違う動きを探す' });
  await expect(found.getByRole('link', { name: 'journey_queue', exact: true })).toBeVisible();
  await expect(found.getByRole('link', { name: 'journey_calm', exact: true })).toHaveCount(0);
  await expect(page.getByText(/個のメトリクスのうち \d+ 個を調べました/)).toBeVisible();
  await found.getByRole('link', { name: 'journey_queue', exact: true }).click();
  await expect(field(page, '式')).toHaveValue('avg(journey_queue)');
});

test('without JavaScript questions are asked, added to, and looked through', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn, javaScriptEnabled: false });
  await page.goto('/explore');
  await page.getByRole('link', { name: '使えるメモリ', exact: true }).click();
  await expect(field(page, '式')).toHaveValue('node_memory_MemAvailable_bytes');
  await press(page, '式を追加');
  await field(page, '式 B').fill('rate(');
  await press(page, '実行');
  await expect(page.getByText('式に誤りがあるため実行していません。')).toBeVisible();
  await expect(page.getByRole('table', { name: '式 A' })).toContainText(house.host);
  await page.getByText('名前を探す', { exact: true }).click();
  await field(page, 'メトリクス名').fill('journey');
  await press(page, '探す');
  await press(page, 'journey_calm を式に入れる');
  await expect(field(page, '式 C')).toHaveValue('journey_calm');
  await page.getByRole('link', { name: '一時点', exact: true }).click();
  await expect(page.getByRole('table', { name: '式 C' })).toContainText('journey_calm');
});
