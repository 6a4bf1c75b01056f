import { savePolicy, told, writePolicy } from './crew';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alike, pagesBy } from './rules';
import { expect, isLive, test } from './screens';

const POLICY = 'nights';
const ALERT = 'nobody-hears';

let house: House;
let signedIn: SignedIn;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
});
test.afterAll(async () => {
  await house?.close();
});

test('a policy whose people have no contact says so beforehand, and the log afterwards', async ({ somebody }) => {
  const desk = await somebody(house, { storageState: signedIn, javaScriptEnabled: false });
  await writePolicy(desk, POLICY, [[hanako.name, '30s']]);
  await expect(told(desk, 'すぐに', '第1段', hanako.name)).toContainText('確認済みの連絡先なし');
  await savePolicy(desk, POLICY);

  // Whoever looks sees it come.
  const wall = await somebody(house, { storageState: signedIn });
  await wall.goto('/escalations');
  await isLive(wall);
  await house.apply(alike('P1', ALERT), pagesBy(POLICY, 'P1'));
  const banner = wall.getByRole('note').filter({ hasText: `ポリシー ${POLICY} のどの段にも呼び出せる人がいません。` });
  await expect(banner).toBeVisible({ timeout: 60_000 });
  await banner.getByRole('link', { name: '経緯を見る' }).click();
  await expect(wall).toHaveURL(/\/runs\?alert=A-\d+/);
  await expect(told(wall, `${hanako.name} さんには確認済みの連絡先がありません`)).toBeVisible();
  await expect(told(wall, '管理者を呼び出します')).toBeVisible();
  await expect(wall.getByRole('main')).not.toContainText('さんを呼び出すことにしました');

  // From the other side: those that reached nobody.
  await desk.goto('/runs');
  await desk.getByRole('combobox', { name: '状態', exact: true }).selectOption({ label: '誰にも届かなかったもの' });
  await desk.getByRole('button', { name: '絞り込む' }).click();
  await expect(desk).toHaveURL(/\/runs\?.*show=nobody/);
  await expect(desk.getByRole('row').filter({ hasText: POLICY })).toContainText('まだ誰も');
});
