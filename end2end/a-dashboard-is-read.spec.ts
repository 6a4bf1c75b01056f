import type { Locator, Page } from '@playwright/test';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { documentOf, expect, isLive, test } from './screens';

const TITLE = '蔵の見張り';
/** A list to choose from, a text, a query that can't be evaluated, and a folded row. */
const BOARD = `dashboards:
- slug: journey
  title: ${TITLE}
  span: 15m
  variables:
  - {name: mode, title: 種別, from: list, values: [idle, user, system]}
  rows:
  - title: 上の段
    panels:
    - id: cpu
      title: 使用時間
      width: 12
      height: 8
      legend: [last, max]
      queries:
      - {expr: 'sum by (mode) (rate(node_cpu_seconds_total{mode="$mode"}[$__rate_interval]))', name: "{{mode}}"}
    - {id: note, title: メモ, kind: text, text: "**大事**なこと", width: 12, height: 8}
    - {id: twice, title: 二重, width: 12, height: 7, queries: ["node_cpu_seconds_total + on (host) node_cpu_seconds_total"]}
    - {id: memory, title: メモリの量, kind: stat, unit: bytes, width: 12, height: 7, queries: [node_memory_MemTotal_bytes]}
  - title: 下の段
    folded: true
    panels:
    - {id: load, title: 負荷, width: 24, height: 7, queries: [node_load1]}
`;

test.describe.configure({ mode: 'serial' });

let house: House;
let signedIn: SignedIn;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
  await house.apply(BOARD);
});
test.afterAll(async () => {
  await house?.close();
});

function chart(page: Page, title: string): Locator {
  return page.getByRole('application', { name: new RegExp(`^${title}`) });
}

/** Opens a dashboard until a chart has its first points: a machine that was just started has few. */
async function openWithPoints(page: Page, path: string, title: string): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await expect(chart(page, title)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
}

/** What opens behind a summary. */
function menu(page: Page, name: string | RegExp): Locator {
  return page.locator('details', { has: page.locator('summary', { hasText: name }) });
}

test('the dashboard of Mimamori itself comes with the house, is found in the list, and its lines go on by themselves', async ({
  somebody,
}) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/mimamori?range=15m', 'メモリ');
  await page.goto('/dashboards?q=mimamori');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: '見守り', exact: true }) });
  await expect(row).toContainText('同梱');
  await row.getByRole('link', { name: '見守り', exact: true }).click();
  await expect(page).toHaveURL('/d/mimamori');
  await expect(page.getByRole('heading', { level: 1, name: '見守り' })).toBeVisible();
  await isLive(page);

  await page.getByRole('link', { name: '15分', exact: true }).click();
  await expect(page).toHaveURL('/d/mimamori?range=15m');
  const opened = await documentOf(page);
  await chart(page, 'メモリ').focus();
  await page.keyboard.press('t');
  const moment = page.getByRole('table', { name: /^グラフの表: メモリ/ }).getByRole('row').last().getByRole('rowheader');
  const first = await moment.textContent();
  await expect(moment).not.toHaveText(first ?? '', { timeout: 30_000 });
  expect(await documentOf(page), 'the screen was not loaded again').toBe(opened);
});

test('the value axis of one chart is zoomed by keys, by a drag and by the wheel, and is shown whole again', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/mimamori?range=15m', 'メモリ');
  await isLive(page);
  const memory = chart(page, 'メモリ');
  const figure = page.getByRole('figure').filter({ has: memory });
  const note = figure.getByText('縦軸を拡大中', { exact: true });
  await memory.focus();
  await page.keyboard.press('y');
  await expect(note).toBeVisible();
  await expect(figure.getByText(/^縦軸は.+〜.+に拡大中$/)).toHaveCount(1);
  await expect(page.getByText('縦軸を拡大中', { exact: true })).toHaveCount(1);
  // Twice: the last value, around which it zooms, may have moved in between.
  await page.keyboard.press('Shift+Y');
  await page.keyboard.press('Shift+Y');
  await expect(note).toHaveCount(0);

  await page.keyboard.press('y');
  const whole = figure.getByRole('button', { name: '縦軸を自動に戻す', exact: true });
  const target = await whole.boundingBox();
  expect(Math.min(target?.width ?? 0, target?.height ?? 0)).toBeGreaterThanOrEqual(24);
  await whole.click();
  await expect(note).toHaveCount(0);
  await expect(memory).toBeFocused();

  await memory.scrollIntoViewIfNeeded();
  const box = await memory.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  const [x, y] = [box.x + 12, box.y + box.height / 2];
  await page.mouse.move(x, y - 20);
  await page.mouse.down();
  await page.mouse.move(x, y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(note).toBeVisible();
  await page.mouse.dblclick(x, y);
  await expect(note).toHaveCount(0);
  await page.mouse.wheel(0, -100);
  await expect(note).toBeVisible();
  await memory.focus();
  await page.keyboard.press('0');
  await expect(note).toHaveCount(0);
  await expect(page).toHaveURL('/d/mimamori?range=15m');
});

const AROUND = 'この前後を調査で開く';
const HOLD = '固定して他の時刻と比べる';

/** What can be done with one moment of a chart. */
function moment(page: Page): Locator {
  return page.getByRole('menu', { name: /の操作$/ });
}

test('by keys a moment of a chart is copied, held and let go, and the focus comes back to the chart', async ({ somebody }) => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const page = await somebody(house, { storageState: signedIn, permissions });
  await openWithPoints(page, '/d/mimamori?range=15m', 'メモリ');
  await isLive(page);
  const memory = chart(page, 'メモリ');
  const rows = moment(page).getByRole('menuitem');
  await memory.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveText(['時刻と値をコピー', AROUND, HOLD]);
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(moment(page)).toHaveCount(0);
  await expect(memory).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('時刻と値をコピーしました', { exact: true })).toBeVisible();
  await expect(memory).toBeFocused();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\n.*\d/);

  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(moment(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(rows.last()).toHaveText('固定を解除');
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await expect(rows.last(), 'the key that always held still lets go').toHaveText(HOLD);
  await expect(page).toHaveURL('/d/mimamori?range=15m');
});

test('a press on a chart opens the moment, a press elsewhere closes it, and Explore shows what was around it', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/mimamori?range=15m', 'メモリ');
  await isLive(page);
  const memory = chart(page, 'メモリ');
  await memory.click();
  await expect(moment(page)).toBeVisible();
  await page.getByRole('heading', { level: 1, name: '見守り' }).click();
  await expect(moment(page)).toHaveCount(0);
  await memory.click({ button: 'right' });
  await expect(moment(page)).toHaveCount(0);
  await page.keyboard.press('Escape');

  await memory.click();
  await moment(page).getByRole('menuitem', { name: HOLD, exact: true }).click();
  await expect(moment(page)).toHaveCount(0);
  await memory.click();
  await moment(page).getByRole('menuitem', { name: AROUND, exact: true }).click();
  await expect(page).toHaveURL(/\/explore\?q=.+&from=\d+&to=\d+$/);
  await expect(moment(page)).toHaveCount(0);
  const asked = new URL(page.url()).searchParams;
  expect(Number(asked.get('to')) - Number(asked.get('from'))).toBe(10 * 60_000);
});

test('on a phone the moment stays on the screen, and its rows are large enough for a thumb', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn, viewport: { width: 390, height: 844 }, hasTouch: true });
  await openWithPoints(page, '/d/journey?range=15m', '使用時間');
  const line = chart(page, '使用時間');
  for (const share of [0.25, 0.95]) {
    await expect(async () => {
      const place = await line.boundingBox();
      if (place === null) throw new Error('the chart has no place');
      await line.tap({ position: { x: place.width * share, y: place.height / 2 }, timeout: 2_000 });
      await expect(moment(page)).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    const box = await moment(page).boundingBox();
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 391)).toBeLessThanOrEqual(390);
    expect((box?.y ?? 0) + (box?.height ?? 845)).toBeLessThanOrEqual(844);
    for (const row of await moment(page).getByRole('menuitem').all()) {
      expect((await row.boundingBox())?.height).toBeGreaterThanOrEqual(24);
    }
    await page.keyboard.press('Escape');
    await expect(moment(page)).toHaveCount(0);
  }
});

test('several values are chosen in a menu, where all and each of them undo each other', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/mimamori?range=15m', 'メモリ');
  await isLive(page);
  const replicas = menu(page, /^レプリカ/);
  await expect(replicas.locator('summary')).toContainText('すべて');
  await replicas.locator('summary').click();
  await replicas.getByRole('checkbox', { name: house.host, exact: true }).check();
  await expect(replicas.getByRole('checkbox', { name: 'すべて', exact: true })).not.toBeChecked();
  await replicas.getByRole('button', { name: '適用', exact: true }).click();
  await expect(page).toHaveURL(`/d/mimamori?range=15m&var-host=${house.host}`);
  await expect(replicas.locator('summary')).toContainText(house.host);
});

test('a value is chosen by the address and by a list that asks at once, and going back undoes it', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/journey?var-mode=user', '使用時間');
  await isLive(page);
  const mode = page.getByLabel('種別', { exact: true });
  await expect(mode).toHaveValue('user');
  await mode.selectOption('system');
  await expect(page).toHaveURL('/d/journey?var-mode=system');
  await expect(chart(page, '使用時間')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL('/d/journey?var-mode=user');
  await expect(mode).toHaveValue('user');
});

test('what fails says so at its place, and the rest stands', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/journey', '使用時間');
  await expect(page.getByRole('region', { name: '二重' })).toContainText('評価できない式です');
  await expect(page.getByRole('region', { name: 'メモ', exact: true }).getByText('大事', { exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'メモリの量' })).toContainText(/[GM]iB/);
});

test('spans are stepped through and zoomed, and what is live stays so', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/journey', '使用時間');
  await isLive(page);
  await page.getByRole('link', { name: '期間を広げる', exact: true }).click();
  await expect(page).toHaveURL('/d/journey?range=1h');
  await expect(page.getByRole('link', { name: '1時間', exact: true })).toHaveAttribute('aria-current', 'true');
  await page.getByRole('link', { name: '前の期間', exact: true }).click();
  await expect(page).toHaveURL(/\/d\/journey\?from=\d+&to=\d+$/);
  await expect(page.getByText('過去の期間を表示しています')).toBeVisible();
  await page.getByRole('link', { name: '次の期間', exact: true }).click();
  await expect(page).toHaveURL('/d/journey?range=1h');
  const opened = await documentOf(page);
  await page.getByRole('link', { name: '更新', exact: true }).click();
  await expect(chart(page, '使用時間')).toBeVisible();
  expect(await documentOf(page), 'it is drawn anew where it stands').toBe(opened);
});

test('a folded row opens, a panel stands alone, and a wall has no frame', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await openWithPoints(page, '/d/journey', '使用時間');
  await isLive(page);
  await expect(chart(page, '負荷')).toHaveCount(0);
  await page.getByRole('link', { name: /^下の段/ }).click();
  await expect(page).toHaveURL('/d/journey?open=1');
  await expect(chart(page, '負荷')).toBeVisible();

  await menu(page, '負荷の操作').locator('summary').click();
  await page.getByRole('link', { name: 'このパネルだけを表示', exact: true }).click();
  await expect(page).toHaveURL('/d/journey?open=1&panel=load');
  await expect(chart(page, '負荷')).toBeVisible();
  await expect(chart(page, '使用時間')).toHaveCount(0);
  await page.getByRole('link', { name: 'すべてのパネルを表示', exact: true }).first().click();
  await expect(chart(page, '使用時間')).toBeVisible();

  await menu(page, 'このダッシュボードの操作').locator('summary').click();
  await page.getByRole('link', { name: '壁掛け表示', exact: true }).click();
  await expect(page).toHaveURL('/d/journey?open=1&wall=1');
  await expect(page.getByRole('heading', { level: 1, name: TITLE })).toBeVisible();
  await expect(page.getByRole('navigation', { name: '主要', exact: true })).toBeHidden();
  await expect(page.getByText('種別: idle')).toBeVisible();
  await page.getByRole('link', { name: '壁掛け表示を終える' }).click();
  await expect(page.getByRole('navigation', { name: '主要', exact: true })).toBeVisible();
});

test('a star brings a dashboard to the top of the list', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/d/journey');
  await isLive(page);
  await page.getByRole('button', { name: `${TITLE}に星を付ける`, pressed: false }).click();
  await expect(page.getByRole('button', { name: `${TITLE}に星を付ける`, pressed: true })).toBeVisible();
  await page.goto('/dashboards');
  await expect(page.getByRole('table', { name: 'ダッシュボード' }).getByRole('row').nth(1)).toContainText(TITLE);
  await page.goto('/dashboards?starred=true');
  await expect(page.getByText('1 件', { exact: true })).toBeVisible();
});

test('without JavaScript everything is read, chosen, opened and starred all the same', async ({ somebody, excused }) => {
  // The browser reports the honest 404 of a dashboard that is not there.
  excused.push(/status of 404 .*\/d\/no-such-board/);
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await openWithPoints(page, '/d/journey', '使用時間');
  expect((await chart(page, '使用時間').boundingBox())?.height).toBeGreaterThan(80);
  await expect(page.getByRole('region', { name: '使用時間' }).getByRole('table')).toContainText('idle');

  await page.getByLabel('種別', { exact: true }).selectOption('system');
  await page.getByRole('button', { name: '適用', exact: true }).click();
  await expect(page).toHaveURL('/d/journey?var-mode=system');
  await page.getByRole('link', { name: /^下の段/ }).click();
  await expect(page).toHaveURL('/d/journey?var-mode=system&open=1');
  await expect(chart(page, '負荷')).toBeVisible();

  await page.getByRole('button', { name: `${TITLE}に星を付ける`, pressed: true }).click();
  await expect(page.getByRole('button', { name: `${TITLE}に星を付ける`, pressed: false })).toBeVisible();
  await page.goto('/d/no-such-board');
  await expect(page.getByRole('alert')).toBeVisible();
});
