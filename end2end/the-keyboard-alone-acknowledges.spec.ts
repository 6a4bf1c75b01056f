import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alwaysTrue, hasMemorySays } from './rules';
import { alertRow, awaitAlert, expect, isLive, test } from './screens';

let house: House;
let signedIn: SignedIn;

test.beforeAll(async ({ browser }) => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
  await house.apply(alwaysTrue);
  const page = await browser.newPage({ baseURL: house.url, storageState: signedIn, locale: 'ja-JP', javaScriptEnabled: false });
  await awaitAlert(page, '/alerts', hasMemorySays(house));
  await page.close();
});
test.afterAll(async () => {
  await house?.close();
});

test('the keyboard alone acknowledges', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  const sentence = hasMemorySays(house);
  await page.goto('/');
  await isLive(page);

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '本文へ移動' })).toBeFocused();

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: '検索・移動' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('alerts');
  await expect(palette.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/alerts');
  await expect(palette).toBeHidden();

  // The worse one stands first.
  const row = alertRow(page, sentence);
  await expect(row).toContainText('未対応');
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await expect(row).toContainText('対応中');
  await expect(row).toContainText(hanako.name);
  await expect(row.getByRole('link', { name: sentence }), 'the keys still stand on the row').toBeFocused();

  // What was done is said, and can be taken back.
  const said = page.getByRole('region', { name: 'お知らせ' });
  await expect(said).toContainText('を引き受けました。');
  await expect(page, 'it is said once').toHaveURL('/alerts');
  await said.getByRole('button', { name: '元に戻す' }).click();
  await expect(row).toContainText('未対応');
  await expect(said).toContainText('手放しました。');
  await expect(said.getByRole('button', { name: '元に戻す' })).toHaveCount(0);
  await said.getByRole('button', { name: '閉じる' }).click();
  await expect(said.getByRole('button', { name: '閉じる' })).toHaveCount(0);
});

test('the list stands still while something is ticked, and goes on afterwards', async ({ somebody }) => {
  const [page, other] = [await somebody(house, { storageState: signedIn }), await somebody(house, { storageState: signedIn })];
  const sentence = hasMemorySays(house);
  await page.goto('/alerts');
  await isLive(page);
  const row = alertRow(page, sentence);
  await row.getByRole('checkbox').check();

  await other.goto('/alerts');
  await isLive(other);
  await alertRow(other, sentence).getByRole('button', { name: /^引き受ける/ }).click();
  await expect(alertRow(other, sentence)).toContainText('対応中');
  await expect(row).toContainText('未対応');
  await expect(row.getByRole('checkbox')).toBeChecked();

  await row.getByRole('checkbox').uncheck();
  await expect(row).toContainText('対応中');
});

test('the keys are listed, and are silent while something is written', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/alerts');
  await isLive(page);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'キー操作' });
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  await page.getByRole('searchbox').focus();
  await page.keyboard.type('?');
  await expect(page.getByRole('searchbox')).toHaveValue('?');
  await expect(sheet).toBeHidden();
});
