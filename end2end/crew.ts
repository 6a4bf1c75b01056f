// A team that shares being on call, and what its people do in the console for that: they join by their invitations, prove how they are
// reached, share the weeks, and say who is paged after whom. By forms and links alone: give pages without scripts.

import type { Browser, BrowserContextOptions, Locator, Page } from '@playwright/test';
import type { House } from './house';
import type { SignedIn } from './people';
import { expect } from './screens';
import { header, type MailServer } from './sinks/mail';

/** A browser of somebody's own, as journeys are given it. */
export type Somebody = (house: House, options?: BrowserContextOptions) => Promise<Page>;

export interface Colleague {
  name: string;
  email: string;
  password: string;
}

export const sato: Colleague = { name: '佐藤 健', email: 'sato@kura.example', password: 'さるは木の枝で五回ゆれる' };
export const suzuki: Colleague = { name: '鈴木 一葉', email: 'suzuki@kura.example', password: 'くまは川の底で七回もぐる' };
export const takahashi: Colleague = { name: '高橋 翔', email: 'takahashi@kura.example', password: 'かめは砂の上で九回やすむ' };

/** Weeks that are shared in this order: the first is primary now, the second secondary, and so on in turn. */
export interface Weeks {
  /** In addresses, files and policies. */
  name: string;
  title: string;
  team?: string;
  order: Colleague[];
}

/** Whom a step pages, as it is offered, and for how long it waits. */
export type Step = [target: string, wait: string];

const DAY_MS = 86_400_000;

/** A moment on the clocks of the organisation, as a field has it: `2026-11-22T10:00`. */
export function wall(ms: number): string {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'short' });
  return clock.format(ms).replace(' ', 'T');
}

/** Opens a part that is folded in, by its name. */
export async function unfold(page: Page, name: string): Promise<void> {
  await page.locator('summary').filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) }).first().click();
}

/** A field of this name where a folded part holds another one. */
export function field(page: Page, name: string): Locator {
  return page.getByRole('main').getByLabel(name, { exact: true }).filter({ visible: true });
}

/** Invites somebody from the desk of an administrator, and has them join: their cookies. */
export async function join(desk: Page, newcomer: Page, { name, email, password }: Colleague): Promise<SignedIn> {
  await desk.goto('/people');
  await desk.getByLabel('名前', { exact: true }).fill(name);
  await desk.getByLabel('メールアドレス').fill(email);
  await desk.getByRole('button', { name: '招待リンクをつくる' }).click();
  await newcomer.goto((await desk.getByText(/\/join\//).textContent()) ?? '');
  await newcomer.getByLabel('パスワード').fill(password);
  await newcomer.getByRole('button', { name: 'パスワードを決めて参加する' }).click();
  await expect(newcomer).toHaveURL('/');
  return newcomer.context().storageState();
}

/**
 * The same for several, where joining is not what a journey is about. Answers with a desk without scripts, and everybody's cookies in
 * their order.
 */
export async function hire(browser: Browser, house: House, signedIn: SignedIn, all: Colleague[]): Promise<[Page, SignedIn[]]> {
  const options = { baseURL: house.url, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', javaScriptEnabled: false };
  const desk = await browser.newPage({ ...options, storageState: signedIn });
  const cookies: SignedIn[] = [];
  for (const colleague of all) {
    const newcomer = await browser.newPage(options);
    cookies.push(await join(desk, newcomer, colleague));
    await newcomer.close();
  }
  return [desk, cookies];
}

/** Makes a team of these. */
export async function makeTeam(desk: Page, team: string, members: Pick<Colleague, 'name'>[]): Promise<void> {
  await desk.goto('/people');
  await desk.getByLabel('チームの名前').fill(team);
  await desk.getByRole('button', { name: 'つくる', exact: true }).click();
  for (const { name } of members) {
    await desk.getByLabel(`${team} に加える人`).selectOption({ label: name });
    await desk.getByRole('button', { name: '加える', exact: true }).click();
    await expect(desk.getByRole('button', { name: `${name} を ${team} から外す` })).toBeVisible();
  }
}

/** Has somebody add their mail address, and type in the code that arrives there. */
export async function proveMail(page: Page, { email }: Pick<Colleague, 'email'>, post: MailServer): Promise<void> {
  await page.goto('/account');
  await unfold(page, '連絡先を追加');
  await field(page, '種類').selectOption({ label: 'メール' });
  await field(page, '宛先').fill(email);
  await page.getByRole('button', { name: '追加する', exact: true }).click();
  const typed = page.getByLabel(/に届いた6桁の番号$/);
  await expect(typed).toBeVisible();
  const code = () => header(post.for(email).at(-1) ?? NO_MAIL, 'subject').match(/確認コード (\d{6})$/)?.[1] ?? '';
  await expect.poll(code, { timeout: 30_000 }).not.toBe('');
  await typed.fill(code());
  await page.getByRole('button', { name: '確認する', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: '確認済み' })).toContainText('メール');
}

const NO_MAIL = { from: '', to: [], whole: { headers: new Map(), type: '', parameters: new Map(), content: Buffer.alloc(0), parts: [] } };

/** Makes a schedule of two layers, primary and secondary, that hand over every week. What it brings about is looked at first. */
export async function makeSchedule(desk: Page, { name, title, team, order }: Weeks): Promise<void> {
  await desk.goto('/oncall/new');
  const main = desk.getByRole('main');
  await main.getByLabel(/^名前/).first().fill(name);
  await field(desk, '表示名（日本語）').fill(title);
  if (team) await field(desk, '担当チーム').selectOption({ label: team });
  await fillLayer(main.locator('details.duty-layer').nth(0), 'プライマリ', order, '0');
  await fillLayer(main.locator('details.duty-layer').nth(1), 'セカンダリ', order, '1');
  await main.getByRole('button', { name: '結果を見る' }).click();
  await expect(main.getByRole('status')).toContainText(order[0].name);
  await main.getByRole('button', { name: '保存する', exact: true }).click();
  await expect(desk.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(desk.getByText('当番表を保存しました。')).toBeVisible();
}

/** One layer of the form. It began yesterday, so that the first turn lasts for days yet. */
async function fillLayer(layer: Locator, role: string, order: Colleague[], offset: string): Promise<void> {
  // An empty one is folded in where there is another.
  if (!(await layer.evaluate((details: HTMLDetailsElement) => details.open))) await layer.locator('summary').first().click();
  await layer.getByLabel('役割', { exact: true }).selectOption({ label: role });
  for (const [index, { name }] of order.entries()) {
    await layer.getByLabel(`${index + 1} 番目`, { exact: true }).selectOption({ label: name });
  }
  await layer.getByLabel('最初の交代', { exact: true }).fill(`${wall(Date.now() - DAY_MS).slice(0, 10)}T10:00`);
  await layer.getByLabel('ずらし', { exact: true }).fill(offset);
}

/** Fills in a policy of one step after the other. What would happen now stands below, and nothing is saved yet. */
export async function writePolicy(desk: Page, name: string, steps: Step[]): Promise<void> {
  await desk.goto('/escalations/new');
  const main = desk.getByRole('main');
  await main.getByLabel(/^名前/).first().fill(name);
  for (const [index, [target, wait]] of steps.entries()) {
    const step = main.getByRole('group', { name: `第${index + 1}段` });
    await step.getByLabel('呼び出す相手 1').selectOption({ label: target });
    await step.getByLabel('次の段までの時間', { exact: true }).fill(wait);
    // Every look has room for one more.
    await main.getByRole('button', { name: '結果を見る' }).click();
    await expect(step.getByLabel('次の段までの時間', { exact: true })).toHaveValue(wait);
  }
}

/** Saves what was filled in. */
export async function savePolicy(desk: Page, name: string): Promise<void> {
  await desk.getByRole('button', { name: '保存する', exact: true }).click();
  await expect(desk.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(desk.getByText(/^ポリシーを保存しました。/)).toBeVisible();
}

/** Puts somebody on call from this minute on, for some hours, and says why. */
export async function overrideNow(desk: Page, schedule: string, role: string, { name }: Colleague, reason: string): Promise<void> {
  const [from, until] = [wall(Date.now()), wall(Date.now() + DAY_MS / 8)].map(encodeURIComponent);
  await desk.goto(`/oncall/${schedule}?role=${role}&from=${from}&until=${until}`);
  await field(desk, '当番になる人').selectOption({ label: name });
  await field(desk, '理由').fill(reason);
  await desk.getByRole('button', { name: '上書きする', exact: true }).click();
  await expect(desk.getByText('上書きしました。')).toBeVisible();
}

/** Declares an incident by the form one is on: its address. */
export async function declare(page: Page, level: string): Promise<string> {
  await field(page, 'レベル').selectOption(level);
  await page.getByRole('button', { name: '宣言する', exact: true }).click();
  // With a script the word of what was done leaves the address.
  await expect(page).toHaveURL(/\/incidents\/I-\d+(\?done=declared)?$/);
  await expect(page.getByText('インシデントを宣言しました。')).toBeVisible();
  return new URL(page.url()).pathname;
}

/** A line of a timeline, or of any list, that says all of this. */
export function told(page: Page, ...said: string[]): Locator {
  const all = page.getByRole('listitem');
  return said.reduce((lines, text) => lines.filter({ hasText: text }), all).first();
}
