import type { Locator, Page } from '@playwright/test';
import { field, hire, makeSchedule, sato, suzuki, takahashi, told, unfold, wall, type Colleague } from './crew';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { documentOf, expect, isLive, test } from './screens';

const DAY_MS = 86_400_000;
const NAME = 'payments';
/** Every link of the frame and of the timetable, and some. */
const MOST_STEPS = 400;

test.describe.configure({ mode: 'serial' });

let house: House;
const cookies = new Map<Colleague, SignedIn>();

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  house = await House.open('given');
  const boss = await moveIn(house, hanako);
  const all = [sato, suzuki, takahashi];
  const [desk, hired] = await hire(browser, house, boss, all);
  cookies.set(hanako, boss);
  for (const [index, colleague] of all.entries()) cookies.set(colleague, hired[index]);
  await makeSchedule(desk, { name: NAME, title: '決済', order: all });
  await desk.close();
});
test.afterAll(async () => {
  await house?.close();
});

/** The row of a duty in the timetable, as it really is. */
function duty(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
}

/** Moves the focus on until it is here. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${MOST_STEPS} steps of the keyboard do not lead to ${wanted}`);
}

/** Chooses in the field that has the focus, one down at a time. */
async function chooseDown(page: Page, wanted: Locator, name: string): Promise<void> {
  const chosen = () => wanted.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.text ?? '');
  for (let step = 0; step < 20 && (await chosen()) !== name; step += 1) await page.keyboard.press('ArrowDown');
  expect(await chosen()).toBe(name);
}

test('the keyboard alone picks a shift, looks at what would change, and gives it to somebody else', async ({ somebody }) => {
  const page = await somebody(house, { storageState: cookies.get(hanako) });
  await page.goto(`/oncall/${NAME}?view=week`);
  await isLive(page);
  const opened = await documentOf(page);

  await tabTo(page, duty(page, 'プライマリ').getByRole('link').filter({ hasText: sato.name }).first());
  await page.keyboard.press('Enter');
  const who = field(page, '当番になる人');
  await expect(who).toBeVisible();
  await expect(field(page, '役割')).toHaveValue('primary');
  await expect(field(page, '始まり')).toHaveValue(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
  await expect(who, 'picking leads to what is still to be said').toBeFocused();
  await chooseDown(page, who, takahashi.name);
  await tabTo(page, field(page, '理由'));
  await page.keyboard.insertText('歯医者');

  const look = page.getByRole('button', { name: '結果を見る', exact: true }).filter({ visible: true });
  await tabTo(page, look);
  await page.keyboard.press('Enter');
  const plan = page.getByRole('table', { name: '変わること' });
  await expect(plan.getByRole('deletion')).toHaveText(sato.name);
  await expect(plan.getByRole('insertion')).toHaveText(takahashi.name);
  await expect(duty(page, 'プライマリ'), 'nothing has changed yet').not.toContainText(takahashi.name);
  await expect(field(page, '理由')).toHaveValue('歯医者');

  await tabTo(page, page.getByRole('button', { name: '上書きする', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('上書きしました。')).toBeVisible();
  await expect(page, 'what was done is told once, not to whoever is sent the address').not.toHaveURL(/done=/);
  await expect(told(page, takahashi.name, 'プライマリ', '歯医者')).toBeVisible();
  expect(await documentOf(page), 'nothing was loaded anew').toBe(opened);
  await page.goto(`/oncall/${NAME}?view=week`);
  await expect(duty(page, 'プライマリ')).toContainText(takahashi.name);
});

test('without JavaScript a shift is taken by the form, which says what is wrong, and given back', async ({ somebody }) => {
  const page = await somebody(house, { storageState: cookies.get(sato), javaScriptEnabled: false });
  await page.goto('/oncall');
  await page.getByRole('main').getByRole('link', { name: '当番表', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: '決済' })).toBeVisible();
  await page.getByRole('link', { name: '月', exact: true }).click();
  await expect(page).toHaveURL(/view=month/);

  await unfold(page, '上書き');
  const tomorrow = wall(Date.now() + DAY_MS).slice(0, 10);
  const look = page.getByRole('button', { name: '結果を見る', exact: true }).filter({ visible: true });
  await field(page, '役割').selectOption({ label: 'セカンダリ' });
  await field(page, '始まり').fill(`${tomorrow}T12:00`);
  await field(page, '終わり').fill(`${tomorrow}T10:00`);
  await look.click();
  await expect(page.getByRole('alert')).toContainText('終わりを始まりより後にしてください。');
  await expect(field(page, '終わり')).toHaveAttribute('aria-invalid', 'true');

  await field(page, '終わり').fill(`${tomorrow}T14:00`);
  await look.click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('1 か所で当番が変わります。');
  await expect(page.getByRole('table', { name: '変わること' }).getByRole('insertion')).toHaveText(sato.name);
  await page.getByRole('button', { name: '上書きする', exact: true }).click();
  await expect(page.getByText('上書きしました。')).toBeVisible();

  const line = told(page, sato.name, 'セカンダリ');
  await line.getByRole('button', { name: '取り消す' }).click();
  await expect(page.getByText('取り消しました。', { exact: true })).toBeVisible();
});

test('cover is asked for, taken by somebody else, and whoever asked sees it at once', async ({ somebody }) => {
  const asker = await somebody(house, { storageState: cookies.get(suzuki) });
  await asker.goto('/oncall');
  await isLive(asker);
  const mine = asker.getByRole('listitem').filter({ hasText: 'セカンダリ' }).filter({ hasText: '交代を頼む' });
  await mine.first().getByRole('link', { name: '交代を頼む' }).click();
  await expect(field(asker, '始まり')).toHaveValue(/^\d{4}-/);
  await expect(field(asker, '引き換えの始まり')).toHaveValue('');
  await field(asker, '理由').fill('娘の発表会');
  await asker.getByRole('button', { name: '頼む', exact: true }).click();
  await expect(asker.getByText('交代を頼みました。引き受けられる人に見えています。')).toBeVisible();
  const opened = await documentOf(asker);

  const taker = await somebody(house, { storageState: cookies.get(takahashi), javaScriptEnabled: false });
  await taker.goto('/oncall');
  await taker.getByRole('link', { name: '交代の依頼が 1 件あります' }).click();
  const request = told(taker, suzuki.name, '娘の発表会');
  await request.getByRole('button', { name: '引き受ける', exact: true }).click();
  await expect(taker.getByText('引き受けました。', { exact: true })).toBeVisible();
  await taker.goto(`/oncall/${NAME}?view=week`);
  await expect(duty(taker, 'セカンダリ')).toContainText(takahashi.name);

  await expect(asker.getByText(`${takahashi.name} さんが引き受け済み`)).toBeVisible();
  expect(await documentOf(asker), 'the other screen was not loaded again').toBe(opened);
});
