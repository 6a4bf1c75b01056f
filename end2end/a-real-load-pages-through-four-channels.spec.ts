import type { Page } from '@playwright/test';
import { Desk } from './desk';
import { House } from './house';
import { Load } from './load';
import { hanako, moveIn, type SignedIn } from './people';
import { alike, alikeName, overload, overloadName, overloadSays } from './rules';
import { expect, test } from './screens';
import { alertUrl, each, Four, OPEN_HOUSE, READERS, SENDER } from './sinks/four';
import { header, linkIn, textOf } from './sinks/mail';
import { buttons, heading, now, texts } from './sinks/slack';

/** For a page that is under way: a poll or two, and a second attempt after five seconds. */
const ARRIVES_MS = 45_000;
/** For the processor to be busy, or idle, for as long as the rule looks back; with room for a slow machine. */
const MEASURED_MS = 120_000;
/** Until what nobody answers is said again. Longer than it takes to answer, however slow the machine. */
const REPEAT = '30s';
/** Holds all the time: who pages again and again although nobody answers. */
const METRONOME = 'metronome';

/** What is acknowledged by a link acts under the name of where the link stood. */
const HOLDER = 'Mail mail のリンク';

test.describe.configure({ mode: 'serial' });

let house: House;
let signedIn: SignedIn;
let four: Four;

test.beforeAll(async () => {
  house = await House.open('given', OPEN_HOUSE);
  signedIn = await moveIn(house, hanako);
  four = await Four.open(hanako.email);
  await house.apply(overload);
});
test.afterAll(async () => {
  await four?.close();
  await house?.close();
});

async function atTheDesk(somebody: (house: House, options: object) => Promise<Page>): Promise<Desk> {
  return new Desk(await somebody(house, { storageState: signedIn }), true);
}

test('an administrator sets up four channels and tries each', async ({ somebody }) => {
  test.setTimeout(180_000);
  const desk = await atTheDesk(somebody);
  for (const form of four.forms()) {
    await desk.addChannel(form);
    const name = form.name as keyof ReturnType<Four['tests']>;
    await desk.tryChannel(form.name, () => expect.poll(() => four.tests()[name]).toBe(1));
  }
  await desk.open('/pager');
  await expect(desk.page.getByRole('heading', { level: 1 })).toContainText('届きます。');
  expect(four.complaints()).toEqual([]);
});

test('a route sends what is critical to all four, and says so beforehand', async ({ somebody }) => {
  const desk = await atTheDesk(somebody);
  const channels = four.forms().map((form) => form.name);
  await desk.addRoute({ name: 'critical', matchers: 'severity="P0"', channels, waits: ['0s', '1s', REPEAT] });
  // It stands behind those of a new installation, of which one takes P0 as well.
  await desk.moveRouteUp('critical');
  await desk.moveRouteUp('critical');

  await desk.page.getByLabel('ラベル', { exact: true }).fill('alertname="processor-overload", severity="P0"');
  await desk.page.getByRole('button', { name: '調べる' }).click();
  const taker = desk.page.getByRole('link', { name: 'default/critical', exact: true });
  const told = desk.page.getByRole('listitem').filter({ has: taker }).filter({ hasText: '最初の通知' });
  await expect(told).toContainText([...channels].sort().join(', '));
});

test('a real load pages each of them once, the link in the mail stops that, and all of them hear the end', async ({ somebody }) => {
  test.setTimeout(420_000);
  // One of them is busy for a moment, another one has a fault: both hear of it all the same, and once.
  four.slack.refuseOnce();
  four.webhook.refuseOnce();
  const load = Load.start(400);
  try {
    await test.step('each is told once, and the right thing', async () => {
      await expect.poll(() => four.told(overloadName), { timeout: MEASURED_MS }).toEqual(each(['fired']));
      whatEachWasTold();
    });

    await test.step('the link in the mail acknowledges on a phone, without JavaScript', async () => {
      const phone = await somebody(house, { javaScriptEnabled: false, viewport: { width: 390, height: 844 }, hasTouch: true });
      await acknowledgeByLink(phone, linkIn(four.mails(overloadName)[0]));
      await expect.poll(() => four.told(overloadName), { timeout: ARRIVES_MS }).toEqual(each(['fired', 'acknowledged']));
      await whatChanged();
    });

    await test.step('nobody is paged any more, while another alert that nobody answers is said again', async () => {
      await house.apply(overload, alike('P0', METRONOME));
      const again = () => four.told(alikeName(METRONOME)).webhook;
      await expect.poll(again, { timeout: MEASURED_MS }).toEqual(['fired', 'again']);
      expect(four.told(overloadName)).toEqual(each(['fired', 'acknowledged']));
    });
  } finally {
    load.stop();
  }

  await test.step('the load ends, and so does the incident everywhere', async () => {
    const over = each(['fired', 'acknowledged', 'resolved']);
    await expect.poll(() => four.told(overloadName), { timeout: MEASURED_MS }).toEqual(over);
    // Whoever else reads the mails was told the same.
    const ids = (reader: string) => four.mails(overloadName, reader).map((mail) => header(mail, 'message-id'));
    await expect.poll(() => ids(READERS[1])).toEqual(ids(READERS[0]));
    const incident = four.pagerduty.about(overloadName.en);
    expect(new Set(incident.map((event) => event.dedup_key)).size, 'one incident').toBe(1);
    const [last] = four.webhook.about(overloadName.ja).slice(-1);
    expect(Date.parse(last.data.alerts[0].resolved_at)).toBeGreaterThan(Date.parse(last.data.alerts[0].fired_at));
  });
  test.info().annotations.push({ type: 'graphs', description: `${four.slack.files.length} of the messages came with one` });
  expect(four.complaints()).toEqual([]);
});

/** Each in its provider's format, in the language of its readers. */
function whatEachWasTold(): void {
  const [number, says] = [four.number(overloadName), overloadSays(house)];

  const [message] = four.slack.about(overloadName.ja);
  expect(four.slack.refused, 'Slack was busy once').toBe(1);
  expect(heading(message.said[0])).toBe(`🚨 ${overloadName.ja}`);
  const [level, time, told] = texts(message.said[0]);
  expect(level).toBe('*レベル:*\n緊急 (P0)');
  expect(time).toMatch(/^\*時刻:\*\n\d{4}(\/\d\d){2} \d\d(:\d\d){2}$/);
  expect(told).toContain(says);
  expect(told).toMatch(/現在の値: \d+(\.\d+)? %\n条件: ≥ 70 %, 5秒\n/);
  const shown = buttons(message.said[0]).map((button) => button.text.text);
  expect(shown).toEqual(['引き受ける', 'コメント', 'ダッシュボードを見る', 'Mimamori で開く']);
  expect(buttons(message.said[0]).find((button) => button.action_id === 'console')?.url).toBe(alertUrl(house, number));

  const [mail] = four.mails(overloadName);
  expect(mail.from).toBe(SENDER);
  expect(header(mail, 'subject')).toBe(`[緊急] 発報: ${overloadName.ja}`);
  expect(header(mail, 'to')).toBe(READERS.join(', '));
  expect(header(mail, 'list-id')).toBe('<alerts.kura.example>');
  expect(header(mail, 'auto-submitted')).toBe('auto-generated');
  expect(header(mail, 'message-id')).toMatch(/^<[^<>@\s]+@kura\.example>$/);
  expect(header(mail, 'in-reply-to')).toBe('');
  expect(textOf(mail, 'text/plain')).toContain(says);
  expect(textOf(mail, 'text/plain')).toContain('\n-- \nこのメールは Mimamori が自動で送信しました。');
  expect(textOf(mail, 'text/html')).toContain('<html lang="ja">');
  expect(textOf(mail, 'text/html')).toContain(`href="${linkIn(mail)}"`);

  const [event] = four.pagerduty.about(overloadName.en);
  const summary = `[Critical] Firing: ${overloadName.en} · The processor of ${house.host} has nothing to spare`;
  expect(event).toMatchObject({ event_action: 'trigger', client: 'Mimamori', client_url: alertUrl(house, number) });
  expect(event.payload).toMatchObject({ summary, source: house.host, severity: 'critical', class: overloadName.en });
  expect(event.payload.custom_details.alerts).toEqual([expect.objectContaining({ id: number, severity: 'P0' })]);
  expect(event.links.map((link: { text: string }) => link.text)).toEqual(['Acknowledge', 'Open dashboard', 'Open in Mimamori']);

  const [{ id, data }] = four.webhook.about(overloadName.ja);
  expect(four.webhook.attempts.get(id), 'tried again with the same id').toBe(2);
  expect(data).toMatchObject({ severity: 'P0', url: alertUrl(house, number), n_alerts: 1 });
  expect(data.alerts[0]).toMatchObject({ id: number, summary: says, resolved_at: null, holder: null });
}

async function acknowledgeByLink(phone: Page, link: string): Promise<void> {
  expect(new URL(link).origin).toBe(house.url);
  await phone.goto(link);
  await expect(phone).toHaveTitle(/^アラートを引き受ける/);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText(overloadSays(house));
  // To open it changes nothing.
  await expect(phone.getByText('まだ誰も対応していません')).toBeVisible();
  expect(four.told(overloadName)).toEqual(each(['fired']));

  const button = phone.getByRole('button', { name: '対応を引き受ける', exact: true });
  const box = await button.boundingBox();
  expect(box?.height, 'large enough for a thumb').toBeGreaterThanOrEqual(44);
  expect((box?.x ?? 0) + (box?.width ?? 0), 'nothing hangs over the edge').toBeLessThanOrEqual(390);
  await button.tap();
  await expect(phone.getByRole('status')).toContainText(`「${HOLDER}」として引き受けました。呼び出しは止まりました。`);

  await phone.goto(link);
  await expect(phone.getByRole('status')).toContainText(`「${HOLDER}」が使いました。使えるのは1回だけです。`);
  await expect(phone.getByRole('button', { name: '対応を引き受ける', exact: true })).toHaveCount(0);
}

/** What was said before is changed where that is possible, and answered where it is not. */
async function whatChanged(): Promise<void> {
  const [message] = four.slack.about(overloadName.ja);
  expect(heading(now(message))).toBe(`👀 対応中: ${overloadName.ja}`);
  expect(texts(now(message))).toContain(`*担当:*\n${HOLDER}`);
  const shown = buttons(now(message)).map((button) => button.text.text);
  expect(shown).toEqual(['手放す', 'コメント', 'ダッシュボードを見る', 'Mimamori で開く']);
  const thread = () => four.slack.thread(message).flatMap(texts);
  await expect.poll(thread).toEqual([expect.stringContaining(`${HOLDER} が対応しています。`)]);

  const [first, second] = four.mails(overloadName);
  expect(header(second, 'subject')).toBe(`[緊急] 対応中: ${overloadName.ja}`);
  expect(header(second, 'in-reply-to')).toBe(header(first, 'message-id'));
  expect(header(second, 'references')).toBe(header(first, 'message-id'));
  expect(header(second, 'message-id')).not.toBe(header(first, 'message-id'));

  const [, acknowledged] = four.webhook.about(overloadName.ja);
  expect(acknowledged.data.alerts[0].holder).toBe(HOLDER);
  expect(acknowledged.data.acknowledge_url).toBeNull();
}

test('the log of deliveries has every page and notice with its times, and both that were tried twice', async ({ somebody }) => {
  const desk = await atTheDesk(somebody);
  await desk.open(`/deliveries?alert=${four.number(overloadName)}`);
  for (const { name } of four.forms()) {
    for (const what of ['呼び出し', '引き受けの連絡', '解消の連絡']) {
      const row = desk.delivery(`${what} → ${name}`);
      await expect(row, `${what} → ${name}`).toContainText('送信済み');
      await expect(row.getByRole('time')).toHaveText(/^\d+\/\d+ \d\d:\d\d:\d\d\.\d{3}$/);
    }
    const isTwice = ['slack', 'webhook'].includes(name);
    await expect(desk.delivery(`呼び出し → ${name}`).getByRole('cell', { name: isTwice ? '2' : '1', exact: true })).toBeVisible();
  }

  await desk.go(desk.page.getByRole('link', { name: '呼び出し → webhook', exact: true }), '呼び出し → webhook');
  const attempts = desk.page.getByRole('table', { name: '試行' }).getByRole('row');
  await expect(attempts.filter({ hasText: '再試行します' })).toContainText('エラー応答 500');
  await expect(attempts.filter({ hasText: '送信済み' })).toContainText('応答 200');
  await expect(attempts.filter({ hasText: '送信済み' }).getByRole('time')).toHaveCount(2);

  await desk.open(`/alerts/${four.number(overloadName)}`);
  await expect(desk.page.getByRole('listitem').filter({ hasText: '呼び出しを送信' })).toHaveCount(4);
  await expect(desk.page.getByRole('listitem').filter({ hasText: '更新を送信' })).toHaveCount(8);
});
