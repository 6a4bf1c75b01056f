import { House } from './house';
import { hanako, setUp, signIn } from './people';
import { documentOf, expect, isLive, test } from './screens';

let house: House;

test.beforeAll(async () => {
  house = await House.open('embedded');
});
test.afterAll(async () => {
  await house?.close();
});

test('a newcomer sets up, signs in, and sees the chart of this machine gain points', async ({ somebody }) => {
  const page = await somebody(house);
  await setUp(page, house, hanako);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await isLive(page);

  await page.getByRole('button', { name: 'サインアウト' }).click();
  await expect(page).toHaveURL('/sign-in');
  await signIn(page, hanako);
  await expect(page).toHaveURL('/');

  const machine = page.getByRole('link', { name: house.host, exact: true });
  await expect(async () => {
    await page.goto('/');
    await isLive(page);
    await expect(machine).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await machine.click();
  await expect(page).toHaveURL(`/hosts/${house.host}`);
  await isLive(page);

  const opened = await documentOf(page);
  const chart = page.getByRole('application', { name: /^CPU使用率/ });
  await expect(chart).toBeVisible();
  await chart.focus();
  await page.keyboard.press('t');
  // The last row is the newest moment, and says what the processor did then.
  const newest = page.getByRole('table', { name: /^グラフの表: CPU使用率/ }).getByRole('row').last();
  const moment = newest.getByRole('rowheader');
  const first = await moment.textContent();
  await expect(moment).not.toHaveText(first ?? '');
  await expect(newest.getByRole('cell').first()).toHaveText(/\d/);
  expect(await documentOf(page), 'the screen was not loaded again').toBe(opened);
});

test('the chart is there before any script', async ({ somebody }) => {
  const page = await somebody(house, { javaScriptEnabled: false });
  await page.goto(`/hosts/${house.host}`);
  await signIn(page, hanako);
  await expect(page).toHaveURL(`/hosts/${house.host}`);
  const chart = page.getByRole('application', { name: /^CPU使用率/ });
  await expect(chart).toBeVisible();
  expect((await chart.boundingBox())?.height).toBeGreaterThan(100);
  await expect(page.getByRole('table').first()).toContainText('最新');
});

test('the set-up link works once, and says so afterwards', async ({ somebody, excused }) => {
  // The browser reports the honest 409 of a used link as an error.
  excused.push(/status of 409 .*\/set-up/);
  const page = await somebody(house);
  await page.goto(await house.setUpLink());
  await expect(page.getByRole('alert')).toContainText('初期設定はもう済んでいます');
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await page.getByRole('link', { name: 'サインインへ' }).click();
  await expect(page).toHaveURL('/sign-in');
});
