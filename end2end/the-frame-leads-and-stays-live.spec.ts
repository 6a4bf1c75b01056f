import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alwaysTrue, hasMemorySays } from './rules';
import { alertRow, awaitAlert, expect, isLive, test } from './screens';

/* Longer than a request counts as asked for by whoever touched the screen last (`public/screen.js`). */
const ALONE_MS = 5_500;

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

test('links lead without a reload, and back leads to where one was reading', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/');
  await isLive(page);
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  const rail = page.getByRole('navigation', { name: '主要' });
  await rail.getByRole('link', { name: 'ルール' }).click();
  await expect(page).toHaveURL('/rules');
  await expect(rail.getByRole('link', { name: 'ルール' })).toHaveAttribute('aria-current', 'page');
  await expect(rail.getByRole('link', { name: 'いま' })).not.toHaveAttribute('aria-current', 'page');
  await expect(page.locator('.crumbs__here')).toHaveText('ルール');
  await expect(page).toHaveTitle(/ルール/);

  const last = page.locator('main a[href^="/rules/"]').last();
  await last.scrollIntoViewIfNeeded();
  const depth = await page.evaluate(() => window.scrollY);
  await last.click();
  await expect(page).toHaveURL(/\/rules\/./);
  await expect(page.locator('.crumbs__up')).toHaveText('ルール');
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL('/rules');
  await expect(page.locator('.crumbs__here')).toHaveText('ルール');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(depth);
  expect(await page.evaluate(() => 'isSame' in window), 'the document is still the first one').toBe(true);
});

test('the palette finds screens at once and things as soon as the server answers', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/');
  await isLive(page);
  await page.getByRole('button', { name: '検索・移動' }).click();
  const palette = page.getByRole('dialog', { name: '検索・移動' });
  const field = palette.getByRole('combobox');
  await expect(palette.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await field.fill('yobidashi');
  await expect(palette.getByRole('option')).toHaveText([/呼び出し/]);
  await field.press('ArrowUp');
  await expect(field, 'round the ends').toHaveAttribute('aria-activedescendant', 'palette-0');

  await field.fill('A-1');
  const alert = palette.getByRole('option').filter({ hasText: /P\d · 未対応/ });
  await expect(alert, 'with its severity and how it stands').toHaveCount(1);
  await field.fill('no such thing');
  await expect(palette.getByRole('status')).toHaveText('見つかりません。別の言葉で探してください。');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});

test('the best of a group stands first, and nothing stands twice', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/');
  const found = await page.evaluate(() => {
    const entry = (label: string, keywords = '', group = '') => ({ label, keywords, group, hint: '', href: `/${label}` });
    type Entry = ReturnType<typeof entry>;
    const { find, together } = (window as unknown as {
      mimamoriPalette: { find(list: Entry[], text: string, recent: string[]): Entry[]; together(here: Entry[], asked: Entry[]): Entry[] };
    }).mimamoriPalette;
    const labels = (list: Entry[]) => list.map((one) => one.label);
    const logs = [entry('Deliveries', 'log 通知'), entry('My log'), entry('Blog'), entry('log-01'), entry('Login')];
    const apps = [entry('app-1', '', 'hosts'), entry('app-2', '', 'hosts'), entry('app-3', '', 'rules'), entry('app-4', '', 'rules')];
    const many = Array.from({ length: 60 }, (_, number) => entry(String(number)));
    return {
      begins: labels(find(logs, 'LOG', [])),
      japanese: labels(find(logs, '通', [])),
      every: labels(find([entry('App-02', 'host web'), entry('app-03', 'host')], 'app web', [])),
      lately: labels(find(apps, 'app', ['/app-4', '/app-2'])),
      together: labels(together([entry('a'), entry('b')], [entry('b'), entry('c')])),
      most: together([], many).length,
    };
  });
  expect(found).toEqual({
    begins: ['log-01', 'Login', 'My log', 'Deliveries', 'Blog'],
    japanese: ['Deliveries'],
    every: ['App-02'],
    lately: ['app-2', 'app-1', 'app-4', 'app-3'],
    together: ['a', 'b', 'c'],
    most: 50,
  });
});

test('the stream stops and goes on by key and by button, and keys are listed', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/');
  await isLive(page);
  const toggle = page.locator('.topbar__live');
  await page.keyboard.press('p');
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  await expect(toggle).toHaveText('停止中');
  await toggle.click();
  await isLive(page);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'キー操作' });
  await expect(sheet).toContainText('引き受ける');
  await sheet.getByRole('button', { name: '閉じる' }).click();
  await expect(sheet).toBeHidden();
});

test('what a screen asks by itself keeps no sign-in alive, and what a person asks does', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  const marks: { path: string; isMarked: boolean }[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch') {
      marks.push({ path: new URL(request.url()).pathname, isMarked: request.headers()['x-mimamori-background'] === '1' });
    }
  });
  await page.goto('/alerts');
  await isLive(page);
  await page.waitForTimeout(ALONE_MS);
  const other = await somebody(house, { storageState: signedIn });
  await other.goto('/alerts');
  await isLive(other);
  await alertRow(other, hasMemorySays(house)).getByRole('button', { name: /^引き受ける/ }).click();
  await expect(alertRow(page, hasMemorySays(house))).toContainText('対応中');
  expect(marks.filter((one) => one.path === '/alerts').map((one) => one.isMarked)).toContain(true);
  expect(marks.every((one) => one.isMarked), JSON.stringify(marks)).toBe(true);
  marks.length = 0;
  await page.getByRole('navigation', { name: '主要' }).getByRole('link', { name: 'ルール' }).click();
  await expect(page).toHaveURL('/rules');
  expect(marks).toContainEqual({ path: '/rules', isMarked: false });
});
