import type { Page } from '@playwright/test';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, isLive, test } from './screens';

const PASSWORD = 'とりは電線の上で二度なく';

let house: House;
let signedIn: SignedIn;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
});
test.afterAll(async () => {
  await house?.close();
});

/** The secret that the screen shows. */
async function shown(page: Page, pattern: RegExp): Promise<string> {
  return (await page.getByText(pattern).textContent()) ?? '';
}

test('without JavaScript somebody is invited, and is signed in by joining', async ({ somebody, excused }) => {
  const desk = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await desk.goto('/people');
  await desk.getByLabel('名前', { exact: true }).fill('佐藤 健');
  await desk.getByLabel('メールアドレス').fill('sato@example.com');
  await desk.getByRole('button', { name: '招待リンクをつくる' }).click();
  await expect(desk.getByRole('heading', { level: 1, name: '招待リンク' })).toBeVisible();
  const link = await shown(desk, /\/join\//);
  await desk.getByRole('link', { name: 'メンバーに戻る' }).click();
  await expect(desk).toHaveURL('/people');
  await expect(desk.getByRole('rowheader', { name: /佐藤 健/ })).toBeVisible();

  const newcomer = await somebody(house);
  await newcomer.goto(link);
  await newcomer.getByLabel('パスワード').fill(PASSWORD);
  await newcomer.getByRole('button', { name: 'パスワードを決めて参加する' }).click();
  await expect(newcomer).toHaveURL('/');
  await isLive(newcomer);

  // The link is used up, and says so. The browser reports the honest 403 as an error.
  excused.push(/status of 403 .*\/join/);
  const late = await somebody(house);
  await late.goto(link);
  await expect(late.getByRole('alert')).toContainText('この招待リンクは使えません');
});

test('without JavaScript a token is shown once, and a refusal where its form stands', async ({ somebody }) => {
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto('/account');
  await page.getByLabel('トークンの名前').fill('web-01 のエージェント');
  await page.getByRole('button', { name: '発行する' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'APIトークン' })).toBeVisible();
  expect(await shown(page, /^mmr_/)).toMatch(/^mmr_agent_/);
  await page.getByRole('link', { name: 'アカウントに戻る' }).click();
  await expect(page).toHaveURL('/account');

  await page.getByLabel('トークンの名前').fill('x');
  await page.getByRole('checkbox', { name: /metrics:write/ }).uncheck();
  await page.getByRole('button', { name: '発行する' }).click();
  await expect(page.getByRole('alert')).toContainText('できることを、ひとつ以上選んでください。');
  // What was typed stands there again, and in no address.
  await expect(page.getByLabel('トークンの名前')).toHaveValue('x');
  await expect(page.getByRole('checkbox', { name: /metrics:write/ })).not.toBeChecked();
  await expect(page).toHaveURL(/\/account\?kept=[0-9a-f-]+$/);
});
