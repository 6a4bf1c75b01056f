import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, isLive, test } from './screens';

let house: House;
let signedIn: SignedIn;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
});
test.afterAll(async () => {
  await house?.close();
});

test('a rule is changed, judged while it is written, and its history says who did it', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/rules');
  await isLive(page);
  await page.getByRole('link', { name: 'CPU使用率' }).click();
  await expect(page).toHaveURL('/rules/cpu-usage');
  await expect(page.getByRole('heading', { level: 1, name: 'CPU使用率' })).toBeVisible();
  await page.getByRole('link', { name: '編集', exact: true }).click();
  await expect(page).toHaveURL('/rules/cpu-usage/edit');

  // The draft is judged without being sent.
  await page.getByLabel('危険のしきい値', { exact: true }).fill('-1');
  await page.getByLabel('復旧のしきい値', { exact: true }).fill('');
  await page.getByLabel('警告のしきい値', { exact: true }).fill('');
  await page.getByLabel('継続時間', { exact: true }).fill('0s');
  await expect(page.getByText(/直近1日間では/)).toBeVisible();

  // A mistake stands at its field, and saves nothing.
  await page.getByLabel('継続時間', { exact: true }).fill('soon');
  await expect(page.getByText(/15s、5m、1h30m のような期間/)).toBeVisible();
  await page.getByLabel('継続時間', { exact: true }).fill('2m');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page).toHaveURL('/rules/cpu-usage');
  await expect(page.getByText(/が画面で変更/)).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: '2m' }).first()).toBeVisible();
});

test('without JavaScript a rule is made: what is wrong comes back at its field with everything that was filled in', async ({
  somebody,
}) => {
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto('/rules/new');
  await page.getByLabel('名前（日本語）').fill('メモリの残り & 予備');
  await page.getByLabel('名前（英語）').fill('Memory left');
  await page.getByLabel('グループ').fill('journey');
  await page.getByLabel(/^式/).fill('100 * node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes');
  await page.getByLabel('危険のしきい値', { exact: true }).fill('なし');
  await page.getByLabel('文言（日本語）').fill('{{host}} の残りは {{value}}');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText(/しきい値の順序に合う数値/)).toBeVisible();
  await expect(page.getByLabel('名前（日本語）')).toHaveValue('メモリの残り & 予備');

  await page.getByLabel('危険のしきい値', { exact: true }).fill('101');
  await page.getByRole('button', { name: '試す' }).click();
  await expect(page.getByText('直近1日間では一度も発報しません。')).toBeVisible();
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page).toHaveURL('/rules/memory-left');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('メモリの残り & 予備');
  await page.getByRole('link', { name: '7日', exact: true }).click();
  await expect(page.getByText('直近7日間では一度も発報しません。')).toBeVisible();
});
