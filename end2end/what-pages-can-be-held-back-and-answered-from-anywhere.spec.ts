import type { BrowserContextOptions, Page } from '@playwright/test';
import { Desk, laterToday } from './desk';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alike, alikeName, alikeSays } from './rules';
import { alertRow, documentOf, expect, isLive, test } from './screens';
import { Alertmanager, says } from './senders/alertmanager';
import { each, Four, OPEN_HOUSE, type Kind } from './sinks/four';
import { Others } from './sinks/others';
import { buttons, heading, now, texts } from './sinks/slack';

/** For a page that is under way: a poll or two, and a second attempt after five seconds. */
const ARRIVES_MS = 30_000;
/** A third attempt begins half a minute after the first. */
const RETRIED_MS = 60_000;
/** P2 in our words: no route of a new installation takes it for itself. */
const SHOP = { severity: 'error', team: 'shop', host: 'shop-01' };
/** An alert of another tool is called the same in both languages. */
const named = (name: string) => ({ ja: name, en: name });

test.describe.configure({ mode: 'serial' });

let house: House;
let signedIn: SignedIn;
let four: Four;
let others: Others;
let alertmanager: Alertmanager;

test.beforeAll(async () => {
  house = await House.open('given', OPEN_HOUSE);
  signedIn = await moveIn(house, hanako);
  four = await Four.open(hanako.email);
  others = await Others.open();
});
test.afterAll(async () => {
  await four?.close();
  await others?.close();
  await house?.close();
});
test.afterEach(() => {
  expect([...(four?.complaints() ?? []), ...(others?.complaints ?? [])]).toEqual([]);
});

type Somebody = (house: House, options: BrowserContextOptions) => Promise<Page>;

async function withScript(somebody: Somebody): Promise<Desk> {
  return new Desk(await somebody(house, { storageState: signedIn }), true);
}

async function withoutScript(somebody: Somebody): Promise<Desk> {
  return new Desk(await somebody(house, { storageState: signedIn, javaScriptEnabled: false }), false);
}

/** Waits until each was told exactly this. */
async function everybodyHears(name: string, kinds: Kind[], ms = ARRIVES_MS): Promise<void> {
  await expect.poll(() => four.told(named(name)), { timeout: ms }).toEqual(each(kinds));
}

/** Opens the screen of an alert, and waits until it is live. */
async function openAlert(page: Page, number: string): Promise<void> {
  await page.goto(`/alerts/${number}`);
  await isLive(page);
}

test('without JavaScript four channels are set up and tried, and routes are built', async ({ somebody }) => {
  const desk = await withoutScript(somebody);
  for (const form of four.forms()) {
    await desk.addChannel(form);
    const name = form.name as keyof ReturnType<Four['tests']>;
    await desk.tryChannel(form.name, async () => {
      await expect(desk.page.getByRole('heading', { level: 1 })).toHaveText(`テスト → ${form.name}`);
      await expect.poll(() => four.tests()[name]).toBe(1);
    });
  }
  const channels = four.forms().map((form) => form.name);
  await desk.addRoute({ name: 'shop', matchers: 'team="shop"', channels, waits: ['0s', '1s', '4h'] });
  await desk.addRoute({ name: 'loud', matchers: 'alertname=~"loud-.+"', channels: ['webhook'], waits: ['0s', '1s', '3s'] });
});

test('without JavaScript a silence for every night is previewed, made and ended', async ({ somebody }) => {
  const desk = await withoutScript(somebody);
  await desk.open('/silences');
  await desk.go(desk.page.getByRole('main').getByRole('link', { name: 'サイレンスを作成' }), 'サイレンスを作成');
  await desk.page.getByLabel(/^対象（マッチャー）/).fill('team="backup"');
  await desk.tickEveryDay(laterToday());
  await desk.page.getByLabel(/^理由/).fill('毎晩のバックアップ');
  await desk.page.getByRole('button', { name: '対象を確かめる' }).click();
  await expect(desk.page).toHaveURL(/[?&]matchers=team/);
  await expect(desk.page.getByText(/毎日 \d\d:00〜翌?\d\d:00/)).toBeVisible();
  await expect(desk.page.getByText(/^最初に止まるのは/)).toBeVisible();
  await expect(desk.page.getByText('いま発報中のアラートに、対象はありません。')).toBeVisible();
  await expect(desk.page.getByLabel(/^理由/)).toHaveValue('毎晩のバックアップ');

  const number = await desk.makeSilence('毎晩のバックアップ');
  await expect(desk.silence(number)).toContainText('時間外');
  await expect(desk.silence(number)).toContainText(/毎日 \d\d:00〜翌?\d\d:00/);
  await desk.endSilence(number);
});

test('an integration made by clicking takes what Alertmanager sends: it pages, and is over', async ({ somebody }) => {
  const desk = await withScript(somebody);
  await desk.open('/integrations');
  const main = desk.page.getByRole('main');
  await main.getByLabel('種類', { exact: true }).selectOption({ label: 'Alertmanager' });
  await main.getByLabel(/^名前/).fill('東京の Prometheus');
  await main.getByRole('button', { name: '追加してキーを発行' }).click();
  const key = (await desk.page.getByText(/^[a-z2-7]{32}$/).textContent()) ?? '';
  alertmanager = new Alertmanager(house, key);

  const stranger = new Alertmanager(house, 'a'.repeat(32));
  expect((await stranger.fire('CheckoutSlow', SHOP)).status).toBe(401);
  expect(await (await alertmanager.fire('CheckoutSlow', SHOP)).json()).toMatchObject({ status: 'success', fired: 1 });
  await everybodyHears('CheckoutSlow', ['fired']);
  const [message] = four.slack.about('CheckoutSlow');
  expect(texts(message.said[0])[0]).toBe('*レベル:*\n中 (P2)');
  expect(texts(message.said[0]).join()).toContain(says('CheckoutSlow'));
  expect(four.pagerduty.about('CheckoutSlow')[0].payload).toMatchObject({ severity: 'warning', source: SHOP.host, group: SHOP.team });

  await desk.open('/alerts');
  await expect(alertRow(desk.page, says('CheckoutSlow'))).toContainText('未対応');
  // What Alertmanager repeats is no other alert.
  expect(await (await alertmanager.fire('CheckoutSlow', SHOP)).json()).toMatchObject({ fired: 0, updated: 1 });
  expect(await (await alertmanager.resolve('CheckoutSlow', SHOP)).json()).toMatchObject({ resolved: 1 });
  await everybodyHears('CheckoutSlow', ['fired', 'resolved']);
  expect(heading(now(message))).toBe('✅ 解消: CheckoutSlow');

  await desk.open('/integrations');
  await desk.go(main.getByRole('link', { name: '東京の Prometheus', exact: true }), '東京の Prometheus');
  const receipts = main.getByRole('table', { name: '最近のリクエスト' }).getByRole('row');
  await expect(receipts.filter({ hasText: '発報 1、更新 0、解消 0' })).toContainText('受信');
  await expect(receipts.filter({ hasText: '発報 0、更新 0、解消 1' })).toContainText('受信');
});

test('the button in Slack acknowledges when Slack has signed it, and the screen of the alert shows it live', async ({ somebody }) => {
  await alertmanager.fire('CartErrors', SHOP);
  await everybodyHears('CartErrors', ['fired']);
  const page = await somebody(house, { storageState: signedIn });
  await openAlert(page, four.number(named('CartErrors')));
  const opened = await documentOf(page);
  const free = page.getByRole('button', { name: '対応を引き受ける' });
  await expect(free).toBeVisible();

  const [message] = four.slack.about('CartErrors');
  const body = four.slack.pressed(message, 'ack');
  expect(await four.slack.send(house.url, body, { secret: '0'.repeat(32) }), 'signed by somebody else').toBe(403);
  expect(await four.slack.send(house.url, body, { secondsAgo: 301 }), 'signed too long ago').toBe(401);
  await expect(free).toBeVisible();
  expect(four.told(named('CartErrors'))).toEqual(each(['fired']));

  // What somebody writes meanwhile stays in its line, and the caret with it. A closed menu holds another field of this name.
  const words = page.getByLabel('コメント').filter({ visible: true });
  await words.fill('決済の記録を見ています');
  expect(await four.slack.send(house.url, body)).toBe(200);
  await expect(page.getByText(`${hanako.name} が対応しています。`)).toBeVisible();
  await expect(free).toHaveCount(0);
  await expect(words).toHaveValue('決済の記録を見ています');
  await expect(words).toBeFocused();
  expect(await documentOf(page), 'the screen was not loaded again').toBe(opened);
  await everybodyHears('CartErrors', ['fired', 'acknowledged']);
  expect(texts(now(message))).toContain(`*担当:*\n${hanako.name}`);

  // What was answered can be given back from there too.
  expect(await four.slack.press(house.url, message, 'unack')).toBe(200);
  await expect(free).toBeVisible();
  await alertmanager.resolve('CartErrors', SHOP);
  await expect.poll(() => four.told(named('CartErrors')).slack.at(-1), { timeout: ARRIVES_MS }).toBe('resolved');
  expect(buttons(now(message)).map((button) => button.action_id)).not.toContain('ack');
});

test('a silence over an alert keeps the pager silent, another alert goes on, and its end pages at once', async ({ somebody }) => {
  test.setTimeout(180_000);
  await house.apply(alike('P2', 'loud-one', 'loud-other'));
  const told = (id: string) => four.told(alikeName(id)).webhook;
  await expect.poll(() => [told('loud-one')[0], told('loud-other')[0]], { timeout: ARRIVES_MS }).toEqual(['fired', 'fired']);

  const desk = await withScript(somebody);
  const { page } = desk;
  const number = four.number(alikeName('loud-one'));
  await openAlert(page, number);
  await desk.go(page.getByRole('link', { name: 'サイレンス…' }), 'サイレンスを作成');
  await expect(page.getByText('いま発報中の 1 件の通知が止まります。')).toBeVisible();
  await expect(page.getByRole('status').getByRole('link', { name: number, exact: true })).toBeVisible();

  await test.step('one that recurs shows when, before it is made', async () => {
    await desk.tickEveryDay(laterToday());
    await page.getByRole('button', { name: '対象を確かめる' }).click();
    await expect(page.getByText(/毎日 \d\d:00〜翌?\d\d:00/)).toBeVisible();
    await expect(page.getByText(/^最初に止まるのは/)).toBeVisible();
    await expect(page.getByText('いま発報中のものでは 1 件が対象です。')).toBeVisible();
  });

  await openAlert(page, number);
  await desk.go(page.getByRole('link', { name: 'サイレンス…' }), 'サイレンスを作成');
  const silence = await desk.makeSilence('app-01 の入れ替え作業');
  await expect(desk.silence(silence)).toContainText('有効');
  await expect(desk.silence(silence).getByRole('cell', { name: '1 件', exact: true })).toBeVisible();

  // What was under way may still have landed: from the next page of the other one on, nothing may.
  const goesOn = async (n: number) => {
    const before = told('loud-other').length;
    await expect.poll(() => told('loud-other').length - before, { timeout: ARRIVES_MS }).toBeGreaterThanOrEqual(n);
  };
  await goesOn(1);
  const before = told('loud-one').length;
  await goesOn(3);
  expect(told('loud-one')).toHaveLength(before);
  await openAlert(page, number);
  await expect(page.getByRole('listitem').filter({ hasText: '通知停止' }).first()).toContainText(`サイレンス ${silence}`);

  await desk.endSilence(silence);
  await expect.poll(() => told('loud-one').slice(before), { timeout: ARRIVES_MS }).toContain('again');
  await desk.open(`/deliveries?alert=${number}`);
  await expect(page.getByRole('row').filter({ hasText: 'サイレンスが終わった' }).first()).toContainText('再呼び出し → webhook');
});

test('the pager says which channel is dead, and what it missed arrives when it is back', async ({ somebody }) => {
  test.setTimeout(180_000);
  const desk = await withScript(somebody);
  await desk.open('/pager');
  const headline = desk.page.getByRole('heading', { level: 1 });
  await expect(headline).toContainText('届きます。');
  await expect(headline).not.toContainText('失敗しています');

  await four.pagerduty.leave();
  await alertmanager.fire('PaymentDown', SHOP);
  await expect.poll(() => four.told(named('PaymentDown')), { timeout: ARRIVES_MS }).toEqual({ ...each(['fired']), pagerduty: [] });
  const number = four.number(named('PaymentDown'));
  await expect(async () => {
    await desk.open(`/deliveries?alert=${number}`);
    await expect(desk.delivery('呼び出し → pagerduty')).toContainText('送信待ち', { timeout: 1_000 });
    await expect(desk.delivery('呼び出し → pagerduty')).toContainText(/refused/i, { timeout: 1_000 });
  }).toPass({ timeout: ARRIVES_MS });

  await desk.open('/pager');
  await expect(desk.figure('未達の最も古い呼び出し'), 'how long a page has not arrived').toHaveText(/^\d+秒前$/);
  await desk.page.getByRole('button', { name: 'すべての通知先でテストする' }).click();
  await expect.poll(() => four.tests().webhook, { timeout: ARRIVES_MS }).toBe(2);
  await expect(async () => {
    await desk.open('/pager');
    await expect(headline).toContainText('届きます。', { timeout: 1_000 });
    await expect(headline).toContainText('ただし 1 か所の通知先で失敗しています。', { timeout: 1_000 });
    await expect(desk.channel('pagerduty')).toContainText(/refused/i, { timeout: 1_000 });
  }).toPass({ timeout: ARRIVES_MS });
  await expect(desk.channel('webhook')).not.toContainText(/refused/i);

  await four.pagerduty.comeBack();
  await everybodyHears('PaymentDown', ['fired'], RETRIED_MS);
  await expect(async () => {
    await desk.open('/pager');
    await expect(headline).not.toContainText('失敗しています', { timeout: 1_000 });
  }).toPass({ timeout: ARRIVES_MS });
  await desk.open(`/deliveries?alert=${number}`);
  await expect(desk.delivery('呼び出し → pagerduty')).toContainText('送信済み');
  await alertmanager.resolve('PaymentDown', SHOP);
  await everybodyHears('PaymentDown', ['fired', 'resolved']);
});

test('without JavaScript the other kinds of channels are set up, and each takes a test', async ({ somebody }) => {
  const desk = await withoutScript(somebody);
  for (const form of others.forms()) {
    await desk.addChannel(form);
    await desk.tryChannel(form.name, () => expect.poll(() => others.told[form.name]).toHaveLength(1));
    expect(others.told[form.name][0]).toContain('通知先のテスト');
  }
});

test('an alert of another tool is silenced by the link on its own screen', async ({ somebody }) => {
  await alertmanager.fire('DiskFull', SHOP);
  await everybodyHears('DiskFull', ['fired']);
  const desk = await withScript(somebody);
  await openAlert(desk.page, four.number(named('DiskFull')));
  await desk.go(desk.page.getByRole('link', { name: 'サイレンス…' }), 'サイレンスを作成');
  await expect(desk.page.getByText('いま発報中の 1 件の通知が止まります。')).toBeVisible();
});
