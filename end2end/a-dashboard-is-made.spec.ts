import type { Locator, Page } from '@playwright/test';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, test } from './screens';

const BOARD = '/d/journey-board';
/** A panel at the lower right corner of which nothing else lies. */
const WIDE_PX = 1_400;

test.describe.configure({ mode: 'serial' });

let house: House;
let signedIn: SignedIn;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
});
test.afterAll(async () => {
  await house?.close();
});

/** The ids of all panels as the server has them, in their order. */
async function order(page: Page): Promise<(string | null)[]> {
  const panels = await page.locator('[data-panel]').all();
  return Promise.all(panels.map((panel) => panel.getAttribute('data-panel')));
}

/** A field by the whole of its name: some names are part of others. */
function field(page: Page | Locator, name: string): Locator {
  return page.getByLabel(name, { exact: true });
}

function panel(page: Page, name: string): Locator {
  // A text inside is a group of that name too.
  return page.locator('[data-panel]').and(page.getByRole('group', { name, exact: true }));
}

/** Opens the form of a new panel in the first row. */
async function begin(page: Page, kind: string): Promise<void> {
  await page.getByLabel(/に追加するパネルの種類$/).first().selectOption({ label: kind });
  await page.getByRole('button', { name: 'パネルを追加' }).first().click();
  await expect(page.getByRole('heading', { name: '新しいパネル' })).toBeVisible();
}

test('a new dashboard gets a panel, and a mistake in its query is shown where it stands', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto('/dashboards/new');
  await page.getByLabel('題名（英語）').fill('Journey board');
  await page.getByRole('button', { name: '作成', exact: true }).click();
  await expect(page).toHaveURL(`${BOARD}/edit`);
  await expect(page.getByText('まだ変更していません', { exact: true })).toBeVisible();

  await begin(page, '折れ線');
  await field(page, '題名（日本語）').fill('メモリ');
  await field(page, '題名（英語）').fill('Memory');
  await field(page, '式').first().fill('sum(node_memory_MemTotal_bytes');
  await page.getByRole('button', { name: 'パネルを追加', exact: true }).click();

  // Refused, with everything that was typed, the reason at its field and its place in the expression.
  await expect(page.getByRole('alert')).toContainText('PromQL の誤り');
  await expect(field(page, '題名（日本語）')).toHaveValue('メモリ');
  await expect(field(page, '式').first()).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#panel-preview mark').first()).toBeVisible();

  // The preview follows what is written, before anything is sent.
  await field(page, '式').first().fill('sum(node_memory_MemTotal_bytes)');
  await expect(page.locator('#panel-preview mark')).toHaveCount(0);
  await field(page, '単位').selectOption('bytes');
  await page.getByRole('button', { name: 'パネルを追加', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${BOARD}/edit$`));
  await expect(panel(page, 'メモリ')).toBeVisible();
  await expect(page.getByText(/保存していない変更があります/)).toBeVisible();
});

test('panels are moved by keys, resized by a drag, and what was done is taken back', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn, viewport: { width: WIDE_PX, height: 900 } });
  await page.goto(`${BOARD}/edit`);
  await begin(page, '文章');
  await field(page, '題名（日本語）').fill('注意');
  await field(page, '本文（日本語）').fill('**手順**を確認');
  await page.getByRole('button', { name: 'パネルを追加', exact: true }).click();
  await expect(panel(page, '注意')).toContainText('手順');
  expect(await order(page)).toEqual(['memory', 'text']);

  // Alt and an arrow move the panel that has the focus, which keeps it.
  await panel(page, '注意').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => order(page)).toEqual(['text', 'memory']);
  await expect(panel(page, '注意')).toBeFocused();
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await expect(panel(page, '注意')).toHaveAttribute('data-wide', '13');

  // Escape gives a drag up; letting go takes it.
  const before = await panel(page, 'メモリ').getAttribute('data-wide');
  const drag = async (byPx: number) => {
    const corner = panel(page, 'メモリ').locator('[data-corner]');
    await corner.scrollIntoViewIfNeeded();
    const box = (await corner.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + byPx / 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.move(box.x + byPx, box.y + box.height / 2, { steps: 4 });
  };
  await drag(-250);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(panel(page, 'メモリ')).toHaveAttribute('data-wide', before ?? '');
  await drag(-250);
  await page.mouse.up();
  await expect(panel(page, 'メモリ')).not.toHaveAttribute('data-wide', before ?? '');

  await page.getByRole('button', { name: '元に戻す', exact: true }).click();
  await expect(panel(page, 'メモリ')).toHaveAttribute('data-wide', before ?? '');
});

test('the source tells a mistake with its line, and takes what is right', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(`${BOARD}/edit?part=source`);
  const source = page.getByLabel('ダッシュボードの YAML');
  const right = await source.inputValue();
  await source.fill(right.replace('unit: bytes', 'unit: octets'));
  await page.getByRole('button', { name: '変更を反映', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(/\d+行\d+文字目/);
  await expect(source).toHaveValue(/unit: octets/);
  await source.fill(right.replace('  title:', '  tags: [journey]\n  title:'));
  await page.getByRole('button', { name: '変更を反映', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${BOARD}/edit$`));
  await page.goto(`${BOARD}/edit?part=settings`);
  await expect(field(page, 'タグ')).toHaveValue('journey');
});

test('it is saved with a comment, which its history tells', async ({ somebody }) => {
  const page = await somebody(house, { storageState: signedIn });
  await page.goto(`${BOARD}/edit`);
  await page.getByLabel('コメント').fill('メモリの推移を追加');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page).toHaveURL(BOARD);
  await page.goto(`${BOARD}/history`);
  const newest = page.getByRole('table', { name: '版' }).getByRole('row').filter({ hasText: '最新' });
  await expect(newest).toContainText('メモリの推移を追加');
  await expect(newest).toContainText(hanako.name);
});

test('without JavaScript a variable is made, a panel is moved, and both are saved', async ({ somebody }) => {
  const page = await somebody(house, { javaScriptEnabled: false, storageState: signedIn });
  await page.goto(`${BOARD}/edit?part=variables`);
  const made = page.locator('#variable-new');
  await field(made, '名前').fill('1job');
  await field(made, '値を使うラベル').fill('job');
  await made.getByRole('button', { name: '変数を追加', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(field(made, '名前')).toHaveValue('1job');
  await field(made, '名前').fill('job');
  await made.getByRole('button', { name: '変数を追加', exact: true }).click();
  await expect(page.locator('#variable-job')).toBeVisible();

  await page.goto(`${BOARD}/edit`);
  expect(await order(page)).toEqual(['text', 'memory']);
  await panel(page, '注意').locator('summary').click();
  await panel(page, '注意').getByRole('button', { name: '後ろへ移動: 注意' }).click();
  await expect(page).toHaveURL(/#panel-text$/);
  expect(await order(page)).toEqual(['memory', 'text']);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page).toHaveURL(BOARD);
  const source = await (await page.request.get(`${BOARD}/export`)).text();
  expect(source.indexOf('id: memory')).toBeLessThan(source.indexOf('id: text'));
  expect(source).toContain('from: label_values');
});
