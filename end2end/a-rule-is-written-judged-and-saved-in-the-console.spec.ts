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

test('an expression is completed and corrected while it is written, and what was completed can be undone', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/rules/new');
  await isLive(page);
  const expression = page.getByLabel('式', { exact: true });
  await expression.click();
  await expression.pressSequentially('sum(node_loa');
  await expect(page.getByText('sum(瞬時ベクトル) → 瞬時ベクトル')).toBeVisible();
  await expect(page.getByRole('listbox', { name: '候補' }).getByRole('option').first()).toContainText('node_load1');
  await page.keyboard.press('Enter');
  await expect(expression).toHaveValue('sum(node_load1');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: '候補' })).toBeHidden();

  // Half of it is wrong, and it is said where; the whole is not.
  await expect(page.getByText(/^1行\d+文字目/).first()).toBeVisible();
  await expect(expression).toHaveAttribute('aria-invalid', 'true');
  await expression.pressSequentially(')');
  await expect(page.getByText(/^1行\d+文字目/)).toHaveCount(0);
  await expect(expression).not.toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(expression).not.toHaveValue('sum(node_load1)');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(expression).toHaveValue('sum(node_load1)');

  // What is written stays while the screen is judged, and so does what is only begun.
  await page.getByLabel('危険のしきい値', { exact: true }).fill('-1');
  await page.getByLabel('継続時間', { exact: true }).fill('0s');
  await expect(page.getByText(/直近1日間では/)).toBeVisible();
  await expect(expression).toHaveValue('sum(node_load1)');
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
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
  // It stands at the top, with a way to the field, and beside the field.
  await expect(page.getByRole('alert')).toContainText(/しきい値の順序に合う数値/);
  await expect(page.getByLabel('危険のしきい値', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page).toHaveURL(/\/rules\/new\?kept=/);
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

test('what a rule said before stands in its history, and is in force again when it is typed back', async ({ somebody }) => {
  test.setTimeout(180_000);
  const page = await somebody(house, { storageState: signedIn });
  const fields = [page.getByLabel('危険のしきい値', { exact: true }), page.getByLabel('継続時間', { exact: true })];
  /** Types a threshold and for how long; returns what stood there. */
  const edit = async (typed: string[]) => {
    await page.goto('/rules/memory-usage/edit');
    await isLive(page);
    const before = await Promise.all(fields.map((field) => field.inputValue()));
    for (const [index, field] of fields.entries()) await field.fill(typed[index]);
    return before;
  };
  const save = async () => {
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page).toHaveURL('/rules/memory-usage');
    await isLive(page);
  };
  const changes = page.getByRole('listitem').filter({ hasText: 'ルールを変更' });
  /** The newest version says that this became that. */
  const became = async (was: string, is: string) => {
    await expect(changes.first().getByRole('deletion').filter({ hasText: new RegExp(`(^| )${was}$`) })).toHaveCount(1);
    await expect(changes.first().getByRole('insertion').filter({ hasText: new RegExp(`(^| )${is}$`) })).toHaveCount(1);
  };

  // More than there is never fires; next to nothing always does, as soon as there is a whole minute to look back on.
  const shipped = await edit(['1000', '0s']);
  await expect(page.getByText('直近1日間では一度も発報しません。')).toBeVisible();
  await fields[0].fill('0.5');
  await expect(async () => {
    await page.getByRole('button', { name: '試す' }).click();
    await expect(page.getByText(/直近1日間では \d+ 回発報し/)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });
  await save();
  await expect(changes).toHaveCount(1);
  await expect(changes.first()).toContainText(hanako.name);
  await became(shipped[0], '0.5');

  expect((await edit(shipped))[0]).toBe('0.5');
  await save();
  await expect(changes).toHaveCount(2);
  await became('0.5', shipped[0]);
  await became('0s', shipped[1]);
});
