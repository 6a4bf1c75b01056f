import type { Page } from '@playwright/test';
import { declare, field, hire, makeSchedule, overrideNow, sato, suzuki, told, unfold, type Colleague, type Somebody } from './crew';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alike, alikeSays } from './rules';
import { awaitAlert, documentOf, expect, isLive, test } from './screens';

/** What somebody wrote stands on the screens of the others this soon after it stands on their own. */
const SOON_MS = 1_000;
/** Two alerts of one cause, or of two. */
const [FIRST, SECOND] = ['checkout-slow', 'checkout-down'];

test.describe.configure({ mode: 'serial' });

let house: House;
let incident = '';
const cookies = new Map<Colleague, SignedIn>();
const alerts = new Map<string, string>();

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  house = await House.open('given');
  const boss = await moveIn(house, hanako);
  const [desk, hired] = await hire(browser, house, boss, [sato, suzuki]);
  cookies.set(hanako, boss).set(sato, hired[0]).set(suzuki, hired[1]);
  await makeSchedule(desk, { name: 'checkout', title: '決済', order: [sato, suzuki] });
  await house.apply(alike('P1', FIRST, SECOND));
  for (const id of [FIRST, SECOND]) {
    await awaitAlert(desk, '/alerts', alikeSays(house, id));
    const href = await desk.getByRole('link', { name: alikeSays(house, id) }).first().getAttribute('href');
    alerts.set(id, href?.split('/').pop() ?? '');
  }
  await desk.close();
});
test.afterAll(async () => {
  await house?.close();
});

function withoutScript(somebody: Somebody, who: Colleague): Promise<Page> {
  return somebody(house, { storageState: cookies.get(who), javaScriptEnabled: false });
}

/** Somebody's screen that is live. */
async function watching(somebody: Somebody, who: Colleague, path: string): Promise<Page> {
  const page = await somebody(house, { storageState: cookies.get(who) });
  await page.goto(path);
  await isLive(page);
  return page;
}

/** Declares from an alert, and leaves it to somebody else. */
async function declareFrom(page: Page, id: string, title: string): Promise<string> {
  await page.goto(`/incidents/new?alert=${alerts.get(id)}`);
  await field(page, '件名').fill(title);
  await page.getByLabel('自分が引き受けて指揮する').uncheck();
  return declare(page, 'P1');
}

function numberOf(path: string): string {
  return path.split('/').pop() ?? '';
}

test('what one person writes stands on the screen of another within a second, with who is there', async ({ somebody }) => {
  incident = await declareFrom(await withoutScript(somebody, hanako), FIRST, '決済が遅い');
  const wall = await watching(somebody, sato, incident);
  const opened = await documentOf(wall);
  const desk = await watching(somebody, suzuki, incident);

  await field(desk, 'メモ').fill('v2.41 の配布と同時に始まった');
  await desk.getByRole('button', { name: '記録', exact: true }).filter({ visible: true }).click();
  await expect(told(desk, 'v2.41 の配布と同時に始まった')).toBeVisible();
  await expect(told(wall, 'v2.41 の配布と同時に始まった')).toContainText(suzuki.name, { timeout: SOON_MS });
  await expect(wall.getByText(/^見ている人 \d+$/).locator('..')).toContainText(suzuki.name, { timeout: SOON_MS });
  await expect(field(desk, 'メモ'), 'what was sent is not left in the field').toHaveValue('');

  // Somebody who writes loses no word because somebody else does something.
  await field(wall, 'メモ').fill('切り戻しを');
  await desk.getByRole('button', { name: '引き受ける', exact: true }).first().click();
  await expect(wall.getByText('対応中').first()).toBeVisible();
  await expect(field(wall, 'メモ')).toHaveValue('切り戻しを');
  expect(await documentOf(wall), 'the screen was not loaded again').toBe(opened);
});

test('a line is corrected by another one, and the first stays to be read', async ({ somebody }) => {
  const page = await withoutScript(somebody, sato);
  await page.goto(incident);
  await told(page, 'v2.41 の配布と同時に始まった').getByRole('link', { name: '訂正' }).click();
  await expect(page.getByText('元の記録は消えず、訂正が並びます。')).toBeVisible();
  await field(page, 'メモ').fill('配布は v2.40 だった');
  await page.getByRole('button', { name: '訂正を記録', exact: true }).click();
  await expect(page.getByText('訂正を記録しました。元の記録も残ります。')).toBeVisible();
  const line = told(page, 'v2.41 の配布と同時に始まった');
  await expect(line).toContainText(`${sato.name} が訂正`);
  await expect(line).toContainText('配布は v2.40 だった');
});

test('those who wait are told in Japanese and in English, and when the next word comes', async ({ somebody }) => {
  const [ja, en] = ['決済が遅くなっています。', 'Payments are slow.'];
  const reader = await somebody(house, { storageState: cookies.get(sato), locale: 'en-GB' });
  await reader.context().addCookies([{ name: 'lang', value: 'en', url: house.url }]);
  await reader.goto(incident);
  await isLive(reader);

  const page = await withoutScript(somebody, suzuki);
  await page.goto(incident);
  await page.getByRole('button', { name: '公開', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('入力してください。');
  await field(page, '日本語').fill(ja);
  await field(page, 'English').fill(en);
  await page.getByRole('button', { name: '公開', exact: true }).click();
  await expect(page.getByText('状況報告を公開しました。')).toBeVisible();
  await expect(page.getByText(/^次の状況報告 .+ まで$/)).toBeVisible();
  for (const screen of [page, reader]) {
    await expect(told(screen, ja, en)).toBeVisible();
    await expect(screen.getByText(ja).first()).toHaveAttribute('lang', 'ja');
    await expect(screen.getByText(en).first()).toHaveAttribute('lang', 'en');
  }
});

test('the handle of time shows who was on call, what fired and how it stood at an earlier second', async ({ somebody }) => {
  // From this minute on somebody else is on call.
  await overrideNow(await withoutScript(somebody, hanako), 'checkout', 'primary', suzuki, '夜間の引き継ぎ');
  const page = await watching(somebody, sato, incident);
  await page.getByRole('link', { name: '時刻をさかのぼる' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'その時の状況' })).toBeVisible();
  const onCall = told(page, 'プライマリ');
  const stood = page.getByRole('main').getByRole('paragraph').filter({ has: page.getByRole('time') }).first();
  await expect(stood).toContainText('対応中');
  await expect(onCall).toContainText(suzuki.name);
  await expect(told(page, FIRST, 'から発報')).toBeVisible();

  await page.getByRole('listitem').getByRole('link', { name: /宣言$/ }).click();
  await expect(stood).toContainText('宣言');
  await expect(stood).not.toContainText('対応中');
  await expect(onCall).toContainText(sato.name);
  await expect(page.getByText('まだ報告していません。')).toBeVisible();

  // By the handle, which is moved with keys as well, and without a button where there is a script.
  const handle = page.getByRole('slider', { name: '時刻' });
  await handle.press('Home');
  await expect(page.getByText('まだ宣言されていません')).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/at\\?t=${await handle.getAttribute('min')}$`));
  await handle.press('End');
  await expect(stood).toContainText('対応中');

  // Every second has its address, also without a script.
  const still = await withoutScript(somebody, sato);
  await still.goto(`${incident}/at?t=${await handle.getAttribute('min')}`);
  await expect(still.getByText('まだ宣言されていません')).toBeVisible();
  await still.getByRole('link', { name: '次の記録' }).click();
  await expect(still).not.toHaveURL(new RegExp(`t=${await handle.getAttribute('min')}$`));
});

test('two that turn out to be one are merged, and what turns out to be another is split off', async ({ somebody }) => {
  const page = await withoutScript(somebody, sato);
  const other = await declareFrom(page, SECOND, '決済が落ちている');
  await unfold(page, 'ほかのインシデントに統合');
  await field(page, '統合先').selectOption(numberOf(incident));
  await page.getByRole('button', { name: '統合', exact: true }).click();
  await expect(page).toHaveURL(`${incident}?done=took`);
  await expect(page.getByText('統合しました。', { exact: true })).toBeVisible();
  for (const id of [FIRST, SECOND]) {
    await expect(page.getByRole('main').getByRole('link', { name: alikeSays(house, id) }).first()).toBeVisible();
  }
  await page.goto(other);
  await expect(page.getByText(`${numberOf(incident)} に統合されています。`)).toBeVisible();
  await page.getByRole('link', { name: '開く', exact: true }).click();
  await expect(page).toHaveURL(incident);

  await unfold(page, '一部を分割');
  await field(page, '件名').fill('決済の停止は別の原因');
  await page.getByRole('checkbox', { name: alikeSays(house, SECOND) }).check();
  // A line goes along by a box of its own, shown while this is asked.
  await page.getByRole('checkbox', { name: /の記録を移す$/ }).first().check();
  await page.getByRole('button', { name: '分割', exact: true }).click();
  await expect(page).toHaveURL(/\/incidents\/I-\d+\?done=split$/);
  expect(new URL(page.url()).pathname).not.toBe(incident);
  await expect(page.getByRole('heading', { level: 1, name: '決済の停止は別の原因' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: alikeSays(house, SECOND) }).first()).toBeVisible();
  await page.getByRole('paragraph').filter({ hasText: '分割元' }).getByRole('link', { name: numberOf(incident) }).click();
  await expect(page).toHaveURL(incident);
  await expect(page.getByRole('paragraph').filter({ hasText: '分割したもの' })).toBeVisible();
});

test('a private incident is not there for others', async ({ somebody, excused }) => {
  // The browser reports the honest 404 as an error.
  excused.push(/status of 404 .*\/incidents\/I-\d+/);
  const title = '顧客データの取り扱い';
  const page = await withoutScript(somebody, sato);
  await page.goto('/incidents/new');
  await field(page, '件名').fill(title);
  await page.getByLabel('非公開にする').check();
  const secret = await declare(page, 'P0');
  await expect(page.getByText('非公開', { exact: true }).first()).toBeVisible();

  const other = await watching(somebody, suzuki, '/incidents');
  await expect(other.getByRole('link', { name: '決済が遅い' })).toBeVisible();
  await expect(other.getByText(title)).toHaveCount(0);
  for (const path of [secret, `${secret}/at`]) {
    await other.goto(path);
    await expect(other.getByText('そのインシデントは見つかりません')).toBeVisible();
    await expect(other.getByText(title)).toHaveCount(0);
  }
  for (const path of ['/', `/incidents?q=${encodeURIComponent('顧客')}`, '/reviews?list=ack']) {
    await other.goto(path);
    await isLive(other);
    await expect(other.getByText(title)).toHaveCount(0);
  }

  // Whoever is let in sees it from then on.
  await page.goto(secret);
  await unfold(page, '公開範囲');
  await page.getByRole('checkbox', { name: suzuki.name }).check();
  await page.getByRole('button', { name: '保存', exact: true }).filter({ visible: true }).click();
  await expect(page.getByText('公開範囲を変更しました。')).toBeVisible();
  await other.goto(secret);
  await expect(other.getByRole('heading', { level: 1, name: title })).toBeVisible();
});
