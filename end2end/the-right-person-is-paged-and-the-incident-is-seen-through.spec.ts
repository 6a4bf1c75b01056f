import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import {
  declare,
  field,
  join,
  makeSchedule,
  makeTeam,
  overrideNow,
  proveMail,
  sato,
  savePolicy,
  suzuki,
  takahashi,
  told,
  wall,
  writePolicy,
  type Colleague,
  type Somebody,
} from './crew';
import { Desk } from './desk';
import { House } from './house';
import { Load } from './load';
import { hanako, moveIn, signIn, type SignedIn } from './people';
import { overload, overloadName, overloadSays } from './rules';
import { documentOf, expect, isLive, test } from './screens';
import { mailForm, OPEN_HOUSE } from './sinks/four';
import { header, linkIn, MailServer } from './sinks/mail';

const TEAM = '決済';
const POLICY = 'payments';
/** The shortest wait there is. */
const WAIT = '30s';
/** For the processor to be busy, or idle, for as long as the rule looks back; with room for a slow machine. */
const MEASURED_MS = 120_000;
/** The wait, and a mail that is under way. */
const STEP_MS = 75_000;
/** Worked time is noted once a minute. */
const NOTED_MS = 100_000;
const PHONE = { javaScriptEnabled: false, viewport: { width: 390, height: 844 }, hasTouch: true };

test.describe.configure({ mode: 'serial' });

let house: House;
let post: MailServer;
const cookies = new Map<Colleague, SignedIn>();
/** Where the alert and the incident are. */
let [alert, incident] = ['', ''];
/** Since when somebody is on call. Standby is told in whole minutes. */
let onCallSince = 0;
const A_MINUTE_MS = 62_000;

test.beforeAll(async () => {
  house = await House.open('given', OPEN_HOUSE);
  cookies.set(hanako, await moveIn(house, hanako));
  post = await MailServer.open();
});
test.afterAll(async () => {
  await post?.close();
  await house?.close();
});
test.afterEach(() => {
  expect(post?.complaints ?? []).toEqual([]);
});

/** A desk without scripts. */
function at(somebody: Somebody, who: Colleague): Promise<Page> {
  return somebody(house, { storageState: cookies.get(who), javaScriptEnabled: false });
}

/** What somebody's own mailbox was told of the alert: 発報, 対応中 … */
function heard({ email }: Colleague): string[] {
  const subjects = post.for(email).map((mail) => header(mail, 'subject'));
  const about = subjects.filter((subject) => subject.endsWith(overloadName.ja));
  return about.map((subject) => subject.match(/^\[緊急\] ([^:]+):/)?.[1] ?? subject);
}

test('a team of four joins by invitation, and each proves how they are reached', async ({ somebody }) => {
  test.setTimeout(240_000);
  const desk = await at(somebody, hanako);
  await new Desk(desk, false).addChannel(mailForm(post));
  for (const colleague of [sato, suzuki, takahashi]) {
    cookies.set(colleague, await join(desk, await somebody(house, { javaScriptEnabled: false }), colleague));
  }
  await makeTeam(desk, TEAM, [...cookies.keys()]);
  for (const who of cookies.keys()) await proveMail(await at(somebody, who), who, post);
});

test('weeks are shared, a policy goes from the primary to the secondary, and a route names it', async ({ somebody }) => {
  test.setTimeout(180_000);
  const desk = await at(somebody, hanako);
  await makeSchedule(desk, { name: POLICY, title: TEAM, team: TEAM, order: [sato, suzuki, takahashi, hanako] });
  onCallSince = Date.now();
  const main = desk.getByRole('main');
  await desk.goto('/oncall');
  await expect(main).toContainText(sato.name);
  await expect(main).toContainText(suzuki.name);
  await expect(main).not.toContainText('確認済みの連絡先がありません');

  await writePolicy(desk, POLICY, [
    [`${POLICY} のプライマリ`, WAIT],
    [`${POLICY} のセカンダリ`, '10m'],
  ]);
  await expect(told(desk, 'すぐに', '第1段', sato.name)).toContainText('メール');
  await expect(told(desk, '30秒後', '第2段', suzuki.name)).toContainText('メール');
  await savePolicy(desk, POLICY);

  const routes = new Desk(desk, false);
  await routes.addRoute({ name: 'people', matchers: 'severity="P0"', channels: [], policy: POLICY, waits: ['0s', '1s', '4h'] });
  // It stands behind those of a new installation, of which one takes P0 as well.
  await routes.moveRouteUp('people');
  await routes.moveRouteUp('people');
  await desk.getByLabel('ラベル', { exact: true }).fill('alertname="processor-overload", severity="P0"');
  await desk.getByRole('button', { name: '調べる' }).click();
  await expect(told(desk, 'default/people', '最初の通知')).toContainText(`エスカレーション ${POLICY}`);
  // Before the rule is there: it takes a load that goes on for one that ended and another one.
  await desk.waitForTimeout(Math.max(0, onCallSince + A_MINUTE_MS - Date.now()));
  await house.apply(overload);
});

test('a load pages the primary, then the secondary, who answers on a phone and declares it', async ({ somebody }) => {
  test.setTimeout(420_000);
  const phone = await somebody(house, PHONE);
  const load = Load.start(330);
  try {
    await test.step('the primary is paged, and nobody else', async () => {
      await expect.poll(() => heard(sato), { timeout: MEASURED_MS }).toEqual(['発報']);
      expect(heard(suzuki)).toEqual([]);
    });

    await test.step('the primary does not answer, so the secondary is paged', async () => {
      await expect.poll(() => heard(suzuki), { timeout: STEP_MS }).toEqual(['発報']);
      expect([...heard(sato), ...heard(takahashi), ...heard(hanako)]).toEqual(['発報']);
    });

    await test.step('the link in her mail acknowledges under her name', async () => {
      const [mail] = post.for(suzuki.email).filter((one) => header(one, 'subject').includes('発報'));
      await phone.goto(linkIn(mail));
      await expect(phone.getByRole('heading', { level: 1 })).toHaveText(overloadSays(house));
      await phone.getByRole('button', { name: '対応を引き受ける', exact: true }).tap();
      await expect(phone.getByRole('status')).toContainText(`「${suzuki.name}」として引き受けました。呼び出しは止まりました。`);
      // Whoever was paged before hears that it is in hand.
      await expect.poll(() => heard(sato), { timeout: STEP_MS }).toEqual(['発報', '対応中']);
    });

    await test.step('from the alert she declares a P1', () => declaredOn(phone));
  } finally {
    load.stop();
  }
});

async function declaredOn(phone: Page): Promise<void> {
  await phone.getByRole('link', { name: 'アラートの詳細' }).tap();
  await signIn(phone, { organisation: '', ...suzuki });
  await expect(phone.getByRole('heading', { level: 1, name: overloadSays(house) })).toBeVisible();
  alert = new URL(phone.url()).pathname;
  await expect(phone.getByText(`${suzuki.name} さんが応答しました。`)).toBeVisible();
  await phone.getByRole('link', { name: 'インシデントを宣言' }).tap();
  await expect(field(phone, '件名')).toHaveValue(overloadName.ja);
  incident = await declare(phone, 'P1');

  const clock = phone.getByRole('region', { name: '対応の時計' });
  await expect(clock.getByRole('listitem').filter({ hasText: '初動' })).toContainText('期限内');
  await expect(clock.getByRole('listitem').filter({ hasText: '状況報告' })).toContainText(/まで\s*あと\d+分(\d+秒)?・順調/);
  // What happened before it was an incident stands there too.
  await expect(told(phone, 'P1 を宣言')).toBeVisible();
  await expect(told(phone, '発報', overloadName.ja)).toBeVisible();
  await expect(told(phone, '担当者を呼び出し', sato.name)).toBeVisible();
  await expect(told(phone, '担当者を呼び出し', suzuki.name)).toBeVisible();
  await expect(told(phone, '対応を引き受け', suzuki.name)).toBeVisible();
  await phone.goto(alert);
  const name = `${incident.split('/').pop()} ${overloadName.ja}`;
  await expect(phone.getByRole('main').getByRole('link', { name })).toBeVisible();
}

test('the clock runs, the timeline goes on by itself, and at its end the incident asks for its postmortem', async ({ somebody }) => {
  test.setTimeout(240_000);
  const page = await somebody(house, { storageState: cookies.get(hanako) });
  await page.goto('/incidents');
  await isLive(page);
  await page.getByRole('table', { name: '進行中' }).getByRole('link', { name: overloadName.ja }).click();
  await expect(page).toHaveURL(incident);
  const opened = await documentOf(page);

  const passed = page.getByRole('region', { name: '対応の時計' }).getByRole('definition').first();
  const before = await passed.textContent();
  await expect(passed).not.toHaveText(before ?? '');
  // The load has ended, and nobody has to say so.
  await expect(told(page, '解消', overloadName.ja)).toBeVisible({ timeout: MEASURED_MS });

  /** Presses what leads on, and waits for word of it. */
  const press = async (name: string, said: string) => {
    await page.getByRole('button', { name, exact: true }).first().click();
    await expect(page.getByText(said, { exact: true })).toBeVisible();
  };
  await press('原因が分かった', '原因判明にしました。');
  await press('影響が収まった', '影響収束にしました。');
  await page.getByRole('listitem').filter({ hasText: '動作確認' }).getByRole('button', { name: 'いま済んだ' }).click();
  await expect(page.getByText('時刻を記録しました。')).toBeVisible();
  await press('解決にする', '解決にしました。ポストモーテムと再発防止策を確認してください。');
  expect(await documentOf(page), 'the screen was not loaded again').toBe(opened);

  const steps = page.getByRole('list', { name: '対応の9段階' }).getByRole('listitem');
  await expect(steps).toHaveCount(9);
  await expect(steps.filter({ hasText: '8 ポストモーテム' })).toHaveAttribute('aria-current', 'step');
  await page.getByRole('button', { name: '完了にする', exact: true }).first().click();
  await expect(page.getByRole('alert').filter({ hasText: '完了にする前に、次が必要です: ポストモーテム' })).toBeVisible();
  await page.goto('/incidents');
  await isLive(page);
  await expect(page.getByRole('heading', { level: 2, name: 'ポストモーテム待ち' })).toBeVisible();
  await expect(told(page, overloadName.ja, 'あと6日')).toBeVisible();
});

test('why she was paged is told decision by decision', async ({ somebody }) => {
  const page = await at(somebody, suzuki);
  await page.goto(alert);
  await page.getByRole('main').getByRole('link', { name: '呼び出しの経緯' }).click();
  await expect(page).toHaveURL(`/runs?alert=${alert.split('/').pop()}`);
  await expect(page.getByRole('heading', { level: 2, name: /^payments · #\d+/ })).toBeVisible();
  const story = [
    [`第1段 · ${sato.name} さんを呼び出すことにしました`],
    [`第1段 · ${sato.name} さんへの連絡を送りました`, 'メール'],
    [`第2段 · ${suzuki.name} さんを呼び出すことにしました`],
    [`${suzuki.name} さんが引き受けました`],
  ];
  for (const said of story) await expect(told(page, ...said)).toBeVisible();
  await expect(page.getByText(takahashi.name)).toHaveCount(0);

  await page.goto('/runs?mine=true');
  await expect(page.getByRole('table', { name: '呼び出し' }).getByRole('link', { name: POLICY })).toHaveCount(1);
});

test('the pay of the month has the standby of both and the work of her who answered, and can be fetched as a file', async ({ somebody }) => {
  test.setTimeout(180_000);
  const desk = await at(somebody, hanako);
  await desk.goto('/pay/rules');
  await field(desk, 'いつから').fill(`${wall(Date.now()).slice(0, 8)}01`);
  await field(desk, '待機の時給（円／時）').fill('1200');
  await field(desk, '実働の時給（円／時）').fill('30000');
  await desk.getByLabel(/^営業時間も支給する/).check();
  await desk.getByRole('button', { name: '新しい版として保存' }).click();
  await expect(desk.getByRole('table', { name: 'これまでの版' })).toContainText('¥30,000');
  // Standby is written down as shifts end: hers ends now.
  await overrideNow(desk, POLICY, 'secondary', takahashi, '夜通し対応したため');

  const row = ({ name }: Colleague) => desk.getByRole('row').filter({ has: desk.getByRole('rowheader', { name, exact: true }) });
  // 待機, 待機の金額, 実働, 実働の金額 …
  const cell = (who: Colleague, index: number) => row(who).getByRole('cell').nth(index);
  await expect(async () => {
    await desk.goto('/pay');
    await expect(cell(suzuki, 3)).toHaveText(/^¥[1-9]/, { timeout: 1_000 });
    await expect(row(suzuki)).not.toContainText('終わっていない対応', { timeout: 1_000 });
  }).toPass({ timeout: NOTED_MS });
  for (const who of [sato, suzuki]) {
    await expect(cell(who, 0)).toHaveText(/^\d+:\d\d$/);
    await expect(cell(who, 0)).not.toHaveText('0:00');
    await expect(cell(who, 1)).toHaveText(/^¥[1-9]/);
  }
  await expect(cell(sato, 2)).toHaveText('0:00');
  await expect(cell(sato, 3)).toHaveText('¥0');

  const link = desk.getByRole('link', { name: 'CSV をダウンロード' });
  const [file] = await Promise.all([desk.waitForEvent('download'), link.click()]);
  const month = wall(Date.now()).slice(0, 7);
  expect(file.suggestedFilename()).toBe(`mimamori-pay-${month}.csv`);
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  const of = ({ name }: Colleague) => lines.filter((line) => line.includes(name)).join('\n');
  expect(lines[0]).toMatch(/^\ufeff/);
  expect(of(suzuki)).toContain(incident.split('/').pop() ?? '');
  expect(of(sato)).toContain('待機');
  expect(of(sato)).not.toMatch(/[AI]-\d/);

  await row(suzuki).getByRole('link', { name: suzuki.name }).click();
  await expect(desk.getByRole('heading', { level: 1, name: suzuki.name })).toBeVisible();
  const work = desk.getByRole('table', { name: '対応した時間' });
  for (const path of [alert, incident]) {
    await expect(work.getByRole('link', { name: path.split('/').pop(), exact: true })).toBeVisible();
  }
});

test('nobody sees the pay of others', async ({ somebody }) => {
  const page = await at(somebody, sato);
  await page.goto('/pay');
  await expect(page.getByRole('rowheader', { name: sato.name, exact: true })).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveCount(1);
});

test('what is looked back on opens the list behind every number', async ({ somebody }) => {
  const page = await at(somebody, hanako);
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  const number = (name: string, what: string) => row(name).getByRole('link', { name: new RegExp(`^${what}: [1-9]\\d*$`) });
  const opens = async (name: string, what: string, list: string, ...links: string[]) => {
    await page.goto('/reviews');
    await number(name, what).first().click();
    await expect(page.getByRole('heading', { level: 2, name: new RegExp(`^${list}`) }).first()).toBeVisible();
    for (const link of links) await expect(page.getByRole('listitem').getByRole('link', { name: link }).first()).toBeVisible();
  };
  const [a, i] = [alert, incident].map((path) => path.split('/').pop() ?? '');
  await opens('インシデントの引き受けまで（MTTA）', '件数', 'インシデントの引き受けまで', i);
  await opens('インシデントの解決まで（MTTR）', '件数', 'インシデントの解決まで', i);
  await opens('アラートの引き受けまで', '件数', 'アラートの引き受けまで', a);
  await opens(suzuki.name, '呼び出し', `呼び出し: ${suzuki.name}`, a, POLICY);
  await opens(overloadName.ja, '呼び出し', '呼び出したアラート', a);
  // Somebody acted on it: it was no noise. Where this machine was overloaded once more since, nobody answered, and that one is.
  await page.goto('/reviews');
  const idle = row(overloadName.ja).getByRole('link', { name: /^対応なし/ });
  if ((await idle.count()) > 0) {
    await idle.first().click();
    await expect(page.getByRole('heading', { level: 2, name: /^対応のなかったアラート/ }).first()).toBeVisible();
    await expect(page.getByRole('listitem').getByRole('link', { name: a })).toHaveCount(0);
  }
});
