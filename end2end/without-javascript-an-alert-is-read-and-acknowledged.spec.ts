import { House } from './house';
import { hanako, setUp, signIn } from './people';
import { alwaysTrue, hasMemorySays } from './rules';
import { alertRow, awaitAlert, expect, test } from './screens';

let house: House;

test.beforeAll(async () => {
  house = await House.open('given');
});
test.afterAll(async () => {
  await house?.close();
});

test('without JavaScript an alert is read and acknowledged', async ({ somebody }) => {
  const page = await somebody(house, { javaScriptEnabled: false });
  await setUp(page, house, hanako);
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await expect(page).toHaveURL('/sign-in');
  await signIn(page, hanako);
  await expect(page).toHaveURL('/');

  await house.apply(alwaysTrue);
  const sentence = hasMemorySays(house);
  await awaitAlert(page, '/', sentence);
  const row = alertRow(page, sentence);
  await expect(row).toContainText('未対応');

  await row.getByRole('button', { name: /^引き受ける/ }).click();
  await expect(row).toContainText('対応中');
  await expect(row).toContainText(hanako.name);

  // It is said, with the way back.
  await expect(page.getByText('を引き受けました。')).toBeVisible();
  await page.getByRole('button', { name: '元に戻す', exact: true }).click();
  await expect(row).toContainText('未対応');
  await expect(page.getByText('手放しました。')).toBeVisible();
  await row.getByRole('button', { name: /^引き受ける/ }).click();
  await expect(row).toContainText('対応中');

  await row.getByRole('link', { name: sentence }).click();
  await expect(page.getByRole('heading', { level: 1, name: sentence })).toBeVisible();
  await expect(page.getByText(`${hanako.name} が対応しています。`)).toBeVisible();
  await expect(page.getByRole('application')).toBeVisible();

  // A closed menu holds another field of this name.
  await page.getByLabel('コメント').filter({ visible: true }).fill('メモリを数えています');
  await page.getByRole('button', { name: 'コメントを残す' }).click();
  await expect(page.getByText('メモリを数えています')).toBeVisible();

  await page.getByRole('button', { name: '手放す' }).click();
  await expect(page.getByRole('button', { name: '対応を引き受ける' })).toBeVisible();
});
