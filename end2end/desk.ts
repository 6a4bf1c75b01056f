// What people who look after paging do in the console, by clicking: with scripts, and the same without.

import type { Locator, Page } from '@playwright/test';
import { expect, isLive } from './screens';

/** What is filled in to set up a channel: labels as they stand at the fields. */
export interface Form {
  name: string;
  /** As it is offered. */
  kind: string;
  fields: Record<string, string>;
  choices?: Record<string, string>;
}

/** What is filled in to build a route below the outermost one. */
export interface RouteForm {
  name: string;
  matchers: string;
  /** None: those of the route above. */
  channels: string[];
  /** Who is paged besides. */
  policy?: string;
  /** Before the first page, between two, and until it is said again. */
  waits: [string, string, string];
}

/** A silence that recurs every day at these times. */
export interface Nightly {
  from: string;
  until: string;
}

const DAYS = ['月', '火', '水', '木', '金', '土', '日'];

export class Desk {
  readonly page: Page;
  private readonly hasScript: boolean;

  /** `hasScript`: then every step waits until the scripts have taken over. */
  constructor(page: Page, hasScript: boolean) {
    this.page = page;
    this.hasScript = hasScript;
  }

  /** Opens a screen. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  /** Follows a link or sends a form, until the screen it leads to stands under this title. */
  async go(by: Locator, title: string | RegExp): Promise<void> {
    await by.click();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await this.settled();
  }

  private async settled(): Promise<void> {
    if (this.hasScript) await isLive(this.page);
  }

  /** From the list of channels to one that stands. */
  async addChannel({ name, kind, fields, choices = {} }: Form): Promise<void> {
    await this.open('/channels');
    const main = this.page.getByRole('main');
    await this.go(main.getByRole('link', { name: kind, exact: true }), `${kind} を追加する`);
    await main.getByLabel(/^名前/).fill(name);
    for (const [label, value] of Object.entries(fields)) await main.getByLabel(labelled(label)).fill(value);
    for (const [label, value] of Object.entries(choices)) await main.getByLabel(labelled(label)).selectOption(value);
    await this.go(main.getByRole('button', { name: '追加する', exact: true }), new RegExp(`^${name}$`));
  }

  /** Presses the test button of a channel, and waits until its provider has it (`arrived`) and the screen says so. */
  async tryChannel(name: string, arrived: () => Promise<void>): Promise<void> {
    await this.open(`/channels/${name}`);
    await this.page.getByRole('button', { name: 'テストを送る', exact: true }).click();
    await arrived();
    await expect(async () => {
      await this.open(`/channels/${name}`);
      const last = this.page.getByRole('definition').filter({ hasText: '送信済み' });
      await expect(last).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
  }

  /** From the tree to a new route in it, behind those that are there; the change is looked at before it is put in force. */
  async addRoute({ name, matchers, channels, policy, waits }: RouteForm): Promise<void> {
    await this.open('/routes');
    const main = this.page.getByRole('main');
    // The outermost stands first.
    await main.getByText('変更', { exact: true }).first().click();
    await this.go(main.getByRole('link', { name: '下に経路を追加' }).filter({ visible: true }), /^経路を追加/);
    await main.getByLabel(/^名前/).fill(name);
    await main.getByLabel(/^条件（マッチャー）/).fill(matchers);
    if (channels.length > 0) await main.getByRole('radio', { name: '次の通知先だけ' }).check();
    for (const channel of channels) await main.getByRole('checkbox', { name: channel, exact: true }).check();
    if (policy) await main.getByLabel('エスカレーション', { exact: true }).selectOption(policy);
    const labels = ['最初に待つ時間', '続報の間隔', '再通知の間隔'];
    for (const [index, label] of labels.entries()) await main.getByLabel(label, { exact: true }).fill(waits[index]);
    await main.getByRole('button', { name: '変更内容を確かめる' }).click();
    await expect(main.getByRole('code').filter({ hasText: `name: ${name}` })).toBeVisible();
    await this.applyRoutes();
  }

  /** Has a route asked before its sibling above. */
  async moveRouteUp(name: string): Promise<void> {
    await this.open('/routes');
    const main = this.page.getByRole('main');
    const route = main.getByRole('listitem').filter({ has: this.page.getByText(name, { exact: true }) }).last();
    await route.getByText('変更', { exact: true }).click();
    await this.go(route.getByRole('link', { name: '上へ移動' }).filter({ visible: true }), /^経路を移動/);
    await this.applyRoutes();
  }

  private async applyRoutes(): Promise<void> {
    await this.settled();
    await this.page.getByRole('button', { name: '適用する', exact: true }).click();
    await expect(this.page.getByText(/第 \d+ 版を適用しました。/)).toBeVisible();
    await this.settled();
  }

  /** Fills in that a silence holds every day at these times, and for a whole day from now on. */
  async tickEveryDay({ from, until }: Nightly): Promise<void> {
    await this.page.getByLabel('期間', { exact: true }).selectOption({ label: '24時間' });
    for (const day of DAYS) await this.page.getByRole('checkbox', { name: day, exact: true }).check();
    await this.page.getByLabel('時刻（から）').fill(from);
    await this.page.getByLabel('時刻（まで）').fill(until);
  }

  /** Sends the form of a silence; its number. */
  async makeSilence(why: string): Promise<string> {
    await this.page.getByLabel(/^理由/).fill(why);
    await this.page.getByRole('button', { name: '作成する', exact: true }).click();
    const made = this.page.getByText(/サイレンス S-\d+ を作成しました。/);
    // A toast goes by itself.
    const said = await made.textContent();
    await this.settled();
    return said?.match(/S-\d+/)?.[0] ?? '';
  }

  /** Ends a silence before its time. */
  async endSilence(number: string): Promise<void> {
    await this.open('/silences');
    await this.page.getByRole('button', { name: `サイレンス ${number} を今すぐ終了`, exact: true }).click();
    const over = this.page.getByRole('table', { name: '終了' });
    await expect(over.getByRole('row').filter({ hasText: named(number) })).toContainText('が途中で終了');
    await this.settled();
  }

  /** The row of a silence in the list. */
  silence(number: string): Locator {
    return this.page.getByRole('row').filter({ hasText: named(number) });
  }

  /** The row of a delivery in the log: `呼び出し → slack`. */
  delivery(what: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name: what, exact: true }) });
  }

  /** The value of a figure that stands beside its name. */
  figure(name: string): Locator {
    const pair = this.page.locator('div').filter({ has: this.page.getByText(name, { exact: true }) }).last();
    return pair.getByRole('definition');
  }

  /** The row of a channel on the screen of the pager. */
  channel(name: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }
}

/** A label as it begins: what must be filled in says so behind it. */
function labelled(label: string): RegExp {
  return new RegExp(`^${label}`);
}

/** A silence as its row begins. */
function named(number: string): RegExp {
  return new RegExp(`${number} (サイレンス|メンテナンス)`);
}

/** A window of an hour that begins in a few hours from now, on the clocks of the organisation. */
export function laterToday(): Nightly {
  const hour = (ms: number) => {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', hourCycle: 'h23' }).format(ms);
    return `${parts.padStart(2, '0')}:00`;
  };
  const soon = Date.now() + 3 * 3_600_000;
  return { from: hour(soon), until: hour(soon + 3_600_000) };
}
