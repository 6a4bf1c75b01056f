// Browsers that forgive nothing: a console error, an error in a script or a request to any other place fails the test they happen in.

import {
  test as base,
  expect,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  type TestInfo,
} from '@playwright/test';
import { House } from './house';

interface Screens {
  /** A browser of somebody's own in a house: other cookies, other storage. */
  somebody: (house: House, options?: BrowserContextOptions) => Promise<Page>;
  /** What a journey brings about on purpose, such as the lost line while its server is away. */
  excused: RegExp[];
  /** Runs for every journey: one that fails shows what the servers logged. */
  explained: void;
}

export const test = base.extend<Screens>({
  excused: async ({}, use) => {
    await use([]);
  },
  explained: [
    async ({}, use, testInfo) => {
      await use();
      if (testInfo.status !== testInfo.expectedStatus) await explain(testInfo);
    },
    { auto: true },
  ],
  somebody: async ({ browser, locale, timezoneId, viewport, excused }, use, testInfo) => {
    const faults: string[] = [];
    const contexts: BrowserContext[] = [];
    await use(async (house, options = {}) => {
      const context = await browser.newContext({ baseURL: house.url, locale, timezoneId, viewport, ...options });
      contexts.push(context);
      listen(context, house, faults);
      return context.newPage();
    });
    // Before the browsers close: what they still fetch then fails, and means nothing.
    const found = faults.filter((fault) => !excused.some((pattern) => pattern.test(fault)));
    await Promise.all(contexts.map((context) => context.close()));
    if (found.length > 0) await explain(testInfo);
    expect(found).toEqual([]);
  },
});

export { expect };

/** Shows what the server of every open house logged last, once for each journey: so a 500 explains itself. */
async function explain(testInfo: TestInfo): Promise<void> {
  for (const house of House.standing) {
    const name = `log of ${house.url}`;
    if (testInfo.attachments.some((attachment) => attachment.name === name)) continue;
    const lines = house.lastLines();
    await testInfo.attach(name, { body: lines, contentType: 'text/plain' });
    console.error(`${testInfo.title}: the ${name} ends with\n${lines}\n`);
  }
}

function listen(context: BrowserContext, house: House, faults: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => {
    faults.push(`script: ${error.error().message}`);
  });
  context.on('request', (asked) => {
    const url = new URL(asked.url());
    const isElsewhere = /^(https?|wss?):$/.test(url.protocol) && url.origin !== house.url;
    if (isElsewhere) faults.push(`request to another place: ${asked.url()}`);
  });
}

/**
 * Waits until the scripts have taken over: the live stream is open. Its button says the state in force (a pause says something else).
 * Where there is room for it.
 */
export async function isLive(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^(ライブ|Live)$/ })).toBeVisible();
}

/** Tells one load of a document from the next: it changes with every reload. */
export async function documentOf(page: Page): Promise<number> {
  return page.evaluate(() => performance.timeOrigin);
}

/** The row of the alert that reads `sentence`. */
export function alertRow(page: Page, sentence: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('link', { name: sentence }) });
}

/**
 * Opens a screen until the alert that reads `sentence` stands on it unanswered: a rule needs a moment. For browsers without scripts, as
 * one that is reloaded while its scripts arrive complains.
 */
export async function awaitAlert(page: Page, path: string, sentence: string): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await expect(alertRow(page, sentence).getByRole('button', { name: /^(引き受ける|Acknowledge)/ })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}
