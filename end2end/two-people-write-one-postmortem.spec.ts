import type { Locator, Page } from '@playwright/test';
import { declare, field, hire, proveMail, sato, suzuki, told, unfold, wall, type Colleague, type Somebody } from './crew';
import { Desk } from './desk';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, isLive, test } from './screens';
import { mailForm, OPEN_HOUSE } from './sinks/four';
import { MailServer, textOf } from './sinks/mail';

const TITLE = 'パーソナライズ配信の停止';
const GRAPH = 'メモリの量';
const DAY_MS = 86_400_000;
/** Between two letters of a quick writer. */
const STROKE_MS = 30;
/** After the server is back, editors find it again within their longest pause, and send what waited. */
const BACK_MS = 90_000;
/** A reminder, and a mail that is under way. */
const REMINDED_MS = 120_000;
/** So high that the whole text is on it: an editor draws only what is seen. */
const WINDOW = { width: 1280, height: 3_200 };

/** Below which heading, and what is written there by whom. */
const BY_SATO: [heading: string, text: string][] = [
  ['根本原因', 'デプロイの手順書に、配信に必要な環境変数の設定が書かれていなかった。検証環境では設定済みだったため、誰も気づけなかった。'],
  ['学んだこと', '- 設定の有無は、人ではなく起動時の検査が確かめる。'],
];
const BY_SUZUKI: [heading: string, text: string][] = [
  ['解決策', '環境変数を追加して再デプロイし、配信数が元に戻ったことを十五分間見届けた。𠮷田さんの画面でも表示を確認した。'],
  ['何が起きたか', '新しい版を配布した直後から、おすすめの表示が空になった。利用者からの問い合わせより先にアラートが知らせた。'],
];
const ACTION = '起動時に必要な設定を検査し、足りなければ起動しない';
const EVIDENCE = 'https://git.example/kura/shop/pull/214';

test.describe.configure({ mode: 'serial' });

let house: House;
let post: MailServer;
/** Where the incident and its postmortem are. */
let [incident, postmortem] = ['', ''];
const cookies = new Map<Colleague, SignedIn>();

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  house = await House.open('given', OPEN_HOUSE);
  post = await MailServer.open();
  const boss = await moveIn(house, hanako);
  const [desk, hired] = await hire(browser, house, boss, [sato, suzuki]);
  cookies.set(hanako, boss).set(sato, hired[0]).set(suzuki, hired[1]);
  await new Desk(desk, false).addChannel(mailForm(post));
  await desk.close();
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

/** Presses what leads on, and waits for word of it. */
async function press(page: Page, name: string, said: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().click();
  await expect(page.getByText(said)).toBeVisible();
}

/** A postmortem as it is written: with the editor, as soon as it is there. */
async function writing(somebody: Somebody, who: Colleague): Promise<[Page, Locator]> {
  const page = await somebody(house, { storageState: cookies.get(who), viewport: WINDOW });
  await page.goto(postmortem);
  await isLive(page);
  const editor = page.getByRole('textbox', { name: '本文', exact: true });
  await expect(editor).toBeVisible();
  return [page, editor];
}

/** Writes below headings, letter by letter. */
async function write(page: Page, editor: Locator, all: [heading: string, text: string][]): Promise<void> {
  for (const [heading, text] of all) {
    await editor.getByText(heading, { exact: true }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type(text, { delay: STROKE_MS });
  }
}

function saved(page: Page): Locator {
  return page.getByRole('status').filter({ hasText: '保存済み' });
}

test('a P1 is seen through, and asks for its postmortem', async ({ somebody }) => {
  await proveMail(await at(somebody, sato), sato, post);
  const page = await at(somebody, sato);
  await page.goto('/incidents/new');
  await field(page, '件名').fill(TITLE);
  incident = await declare(page, 'P1');

  await unfold(page, 'グラフを保存');
  await field(page, 'グラフの題名').fill(GRAPH);
  await field(page, 'PromQL の式').fill('node_memory_MemTotal_bytes');
  await press(page, '保存', 'グラフを保存しました。');

  await press(page, '原因が分かった', '原因判明にしました。');
  await press(page, '影響が収まった', '影響収束にしました。');
  await page.getByRole('listitem').filter({ hasText: '動作確認' }).getByRole('button', { name: 'いま済んだ' }).first().click();
  await press(page, '解決にする', '解決にしました。');
  await page.getByRole('button', { name: '完了にする', exact: true }).first().click();
  await expect(page.getByRole('alert').filter({ hasText: 'ポストモーテム' })).toBeVisible();

  await page.goto(incident);
  await page.getByRole('button', { name: 'ポストモーテムを書き始める' }).first().click();
  await expect(page).toHaveURL(/\/postmortems\/I-\d+\?done=begun$/);
  postmortem = new URL(page.url()).pathname;
  await expect(page.getByRole('heading', { level: 1, name: `ポストモーテム: ${TITLE}` })).toBeVisible();
  await expect(page.getByText('下書きを作成しました。')).toBeVisible();
  // What the house knows stands there, and what is missing is said.
  const text = page.getByRole('region', { name: '本文' });
  await expect(text).toContainText('影響時間');
  await expect(text).toContainText(`${sato.name}（指揮）`);
  await expect(text.getByRole('figure')).toContainText(GRAPH);
  await expect(told(page, 'まだ書かれていない項目', '根本原因')).toBeVisible();
  await expect(told(page, 'まだ公開されていない')).toBeVisible();
});

test('two write in Japanese at the same time, the server is killed under them, and nothing is lost', async ({ somebody, excused }) => {
  test.setTimeout(300_000);
  excused.push(/net::ERR_/, /status of 503/, /EventSource/, /WebSocket/);
  const [one, ofOne] = await writing(somebody, sato);
  const [other, ofOther] = await writing(somebody, suzuki);
  await expect(one.getByRole('list', { name: '編集中の人' })).toContainText(suzuki.name);

  const writes = Promise.all([write(one, ofOne, BY_SATO), write(other, ofOther, BY_SUZUKI)]);
  const beginning = (text: string) => text.slice(0, Math.floor(text.length / 3));
  // Each sees what the other writes; then the server is gone in the middle of a sentence.
  await expect(ofOther).toContainText(beginning(BY_SATO[0][1]));
  await expect(ofOne).toContainText(beginning(BY_SUZUKI[0][1]));
  await house.kill();
  await house.start();
  await writes;

  for (const [page, editor] of [[one, ofOne], [other, ofOther]] as const) {
    await expect(saved(page)).toBeVisible({ timeout: BACK_MS });
    for (const [, text] of [...BY_SATO, ...BY_SUZUKI]) await expect(editor).toContainText(text, { timeout: BACK_MS });
  }
  expect(await ofOne.innerText()).toBe(await ofOther.innerText());

  // What the database has, read by a browser that never had any of it; each sentence once.
  await house.kill();
  await house.start();
  const reader = await at(somebody, hanako);
  await reader.goto(postmortem);
  const read = await reader.getByRole('region', { name: '本文' }).innerText();
  for (const [, text] of [...BY_SATO, ...BY_SUZUKI]) {
    expect(read.split(text.replace(/^- /, '')).length - 1, text).toBe(1);
  }
});

test('it is reviewed, approved by somebody else, published, and the P1 can be closed', async ({ somebody }) => {
  const [page, editor] = await writing(somebody, sato);
  await editor.getByText('影響を受けたユーザー数', { exact: false }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(' 約5,000人');
  await expect(saved(page)).toBeVisible();

  const owner = await at(somebody, sato);
  await owner.goto(postmortem);
  await unfold(owner, '再発防止策を追加');
  await field(owner, 'やること').fill(ACTION);
  await field(owner, '担当').selectOption({ label: sato.name });
  await field(owner, '期限').fill(wall(Date.now() - DAY_MS).slice(0, 10));
  await press(owner, '追加', '再発防止策を保存しました。');

  await owner.getByRole('checkbox', { name: hanako.name }).check();
  await press(owner, 'レビューを依頼', 'レビューを依頼しました。');
  await expect(owner.getByText('担当者は自分では承認できません。')).toBeVisible();

  const reviewer = await at(somebody, hanako);
  await reviewer.goto('/postmortems?show=review');
  await reviewer.getByRole('link', { name: TITLE }).click();
  await press(reviewer, '承認する', '承認しました。');
  await owner.goto(postmortem);
  await press(owner, '公開する', '公開しました。');
  await expect(owner.getByText('公開済みのため、閲覧のみ可能です。', { exact: false })).toBeVisible();

  await owner.goto(incident);
  await owner.getByRole('button', { name: '完了にする', exact: true }).first().click();
  await expect(owner).toHaveURL(`${incident}?done=close`);
});

test('its action comes back as a reminder, on Now and by mail, and is done only with evidence', async ({ somebody }) => {
  test.setTimeout(240_000);
  const now = await somebody(house, { storageState: cookies.get(sato) });
  await now.goto('/');
  await isLive(now);
  await expect(now.getByRole('heading', { level: 2, name: '自分の再発防止策' })).toBeVisible();
  await expect(told(now, ACTION)).toContainText('1日超過');
  const reminders = () => post.for(sato.email).filter((mail) => textOf(mail, 'text/plain').includes(ACTION)).length;
  await expect.poll(reminders, { timeout: REMINDED_MS }).toBeGreaterThan(0);

  const page = await at(somebody, sato);
  await page.goto('/actions?owner=me&show=overdue');
  await unfold(page, '完了にする');
  await page.getByRole('button', { name: '証跡をつけて完了にする' }).click();
  await expect(page.getByRole('alert')).toContainText('完了を確認できるアドレスを入力してください。');
  await field(page, '証跡のアドレス').fill(EVIDENCE);
  await press(page, '証跡をつけて完了にする', '再発防止策を完了にしました。');
  await page.goto(postmortem);
  const done = told(page, ACTION, `${sato.name} が`);
  await expect(done.getByRole('link', { name: '証跡', exact: true })).toHaveAttribute('href', EVIDENCE);
});

test('its graph can still be zoomed, its lessons are found, and it goes out as Markdown and on paper', async ({ somebody }) => {
  const page = await at(somebody, suzuki);
  await page.goto(postmortem);
  await page.getByRole('listitem').getByRole('link', { name: GRAPH, exact: true }).click();
  const graph = page.getByRole('region', { name: GRAPH });
  await expect(graph.getByRole('img').first()).toBeVisible();
  const whole = await graph.getByRole('status').textContent();
  await graph.getByRole('link', { name: /^拡大: / }).last().click();
  await expect(page).toHaveURL(/graph=[0-9a-f]{64}&from=\d+&until=\d+#graph$/);
  await expect(graph.getByRole('status')).not.toHaveText(whole ?? '');
  await expect(graph.getByRole('img').first()).toBeVisible();
  await graph.getByRole('link', { name: '全体', exact: true }).click();
  await expect(graph.getByRole('status')).toHaveText(whole ?? '');

  await page.goto(`/postmortems?q=${encodeURIComponent('起動時の検査')}`);
  await expect(page.getByRole('listitem').filter({ hasText: '設定の有無は、人ではなく起動時の検査が確かめる。' })).toContainText(TITLE);

  const expanded = await (await page.request.get(`${postmortem}/export?form=expanded`)).text();
  for (const [, text] of [...BY_SATO, ...BY_SUZUKI]) expect(expanded).toContain(text);
  expect(expanded).toContain('影響時間');
  expect(expanded).toContain(ACTION);
  expect(expanded).not.toContain('```ops-');
  const stored = await (await page.request.get(`${postmortem}/export?form=stored`)).text();
  expect(stored).toContain('```ops-fields');
  await page.goto(`${postmortem}/print`);
  await expect(page.getByRole('heading', { level: 2, name: '根本原因' })).toBeVisible();
  await expect(page.getByRole('figure')).toContainText(GRAPH);
});
