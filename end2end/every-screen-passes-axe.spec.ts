import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alwaysTrue, hasMemorySays, infrastructure, wasStartedSays } from './rules';
import { alertRow, awaitAlert, expect, isLive, test } from './screens';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const LANGUAGES = ['ja', 'en'] as const;
const THEMES = ['light', 'dark'] as const;

/** A desk and a phone. Both are looked at in one load: no screen may need another one to fit. */
const WIDTHS = [1280, 390];
/** WCAG 1.4.10. */
const NARROWEST = 320;

/** One look: as which language and theme, and what to call it. */
const LOOKS = LANGUAGES.flatMap((lang) => THEMES.map((theme) => ({ lang, theme, title: `in ${lang}, ${theme}` })));
type Look = (typeof LOOKS)[number];

async function dress(page: Page, house: House, { lang, theme }: Look): Promise<void> {
  const cookies = { lang, theme };
  await page.context().addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: house.url })));
}

/** What axe finds, one line for each element. */
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

async function passes(page: Page, { lang }: Look): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang);
  for (const width of WIDTHS) {
    // High enough that the bar at the bottom of a phone covers nothing by chance, however long the form.
    await page.setViewportSize({ width, height: 8000 });
    expect(await violations(page), `at ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: NARROWEST, height: 900 });
  const widest = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(widest, `nothing scrolls sideways at ${NARROWEST} px`).toBeLessThanOrEqual(NARROWEST);
}

test.describe('before anybody has signed up', () => {
  let house: House;

  test.beforeAll(async () => {
    house = await House.open('given');
  });
  test.afterAll(async () => {
    await house?.close();
  });

  for (const look of LOOKS) {
    test(`/set-up ${look.title}`, async ({ somebody }) => {
      const page = await somebody(house);
      await dress(page, house, look);
      await page.goto(await house.setUpLink());
      await expect(page.getByRole('textbox').first()).toBeVisible();
      await passes(page, look);
    });

    test(`/set-up with a wrong link ${look.title}`, async ({ somebody, excused }) => {
      // The browser reports the honest 403 as an error.
      excused.push(/status of 403 .*\/set-up/);
      const page = await somebody(house);
      await dress(page, house, look);
      await page.goto('/set-up?code=wrong');
      await expect(page.getByRole('alert')).toContainText('mimamori set-up-link');
      await passes(page, look);
    });
  }
});

test.describe('in a house where something happens', () => {
  let house: House;
  let signedIn: SignedIn;

  test.beforeAll(async ({ browser }) => {
    house = await House.open('given');
    signedIn = await moveIn(house, hanako);
    await house.apply(infrastructure, alwaysTrue);
    // One alert that somebody has, one that nobody has.
    const page = await browser.newPage({ baseURL: house.url, storageState: signedIn, locale: 'ja-JP', javaScriptEnabled: false });
    await awaitAlert(page, '/alerts', wasStartedSays(house));
    await awaitAlert(page, '/alerts', hasMemorySays(house));
    await alertRow(page, wasStartedSays(house)).getByRole('button').click();
    await expect(alertRow(page, wasStartedSays(house))).toContainText('対応中');
    // A channel that reaches nobody: what lies on this machine is refused.
    await page.goto('/channels/new?kind=slack_webhook');
    await page.getByLabel('名前').fill('ops');
    await page.getByLabel('Webhook のアドレス').fill('http://127.0.0.1:9/hook');
    await page.getByRole('button', { name: '追加する' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('ops');
    await page.close();
  });
  test.afterAll(async () => {
    await house?.close();
  });

  /** Where the unanswered alert is. */
  async function alertPath(page: Page): Promise<string> {
    await page.goto('/alerts');
    await isLive(page);
    const link = page.getByRole('link', { name: /メモリがある|has memory/ });
    return (await link.getAttribute('href')) ?? '';
  }

  const screens: Record<string, (page: Page) => Promise<string>> = {
    '/': async () => '/',
    '/alerts': async () => '/alerts',
    '/alerts/<id>': alertPath,
    '/rules': async () => '/rules',
    '/rules?catalogue=…': async () => '/rules?catalogue=capacity',
    '/rules/<id>': async () => '/rules/has-memory?backtest=1d',
    '/rules/<id>/edit': async () => '/rules/has-memory/edit',
    '/rules/new': async () => '/rules/new',
    '/silences': async () => '/silences',
    '/silences/new?matchers=…': async () => `/silences/new?matchers=${encodeURIComponent('alertname=~".+"')}`,
    '/routes': async () => '/routes',
    '/routes?labels=…': async () => `/routes?labels=${encodeURIComponent('alertname="has-memory", severity="P1"')}`,
    '/routes/edit?path=…': async () => '/routes/edit?path=default&act=set',
    '/routes/edit?path=… planned': async () => '/routes/edit?path=default&act=add&written=true&name=urgent&matchers=severity%3DP0',
    '/hosts': async () => '/hosts',
    '/explore': async () => '/explore',
    '/explore?q=…': async () => `/explore?q=${encodeURIComponent('rate(node_cpu_seconds_total[1m]')}`,
    '/explore?q=… answered': async () => `/explore?q=${encodeURIComponent('node_load1')}&range=15m`,
    '/metrics': async () => '/metrics',
    '/metrics?q=… without a metric that fits': async () => '/metrics?q=no_such_metric',
    '/metrics?metric=…': async () => '/metrics?metric=node_cpu_seconds_total',
    '/targets': async () => '/targets',
    '/hosts/<name>': async () => `/hosts/${house.host}`,
    '/people': async () => '/people',
    '/channels': async () => '/channels',
    '/channels/new?kind=…': async () => '/channels/new?kind=email',
    '/channels/<name>': async () => '/channels/ops',
    '/deliveries': async () => '/deliveries',
    '/pager': async () => '/pager',
    '/account': async () => '/account',
    'a screen that does not exist': async () => '/no-such-screen',
  };

  for (const look of LOOKS) {
    for (const [name, pathOf] of Object.entries(screens)) {
      test(`${name} ${look.title}`, async ({ somebody, excused }) => {
        // The browser reports the honest 404 of a missing screen as an error.
        if (name.startsWith('a screen')) excused.push(/status of 404 .*\/no-such-screen/);
        const page = await somebody(house, { storageState: signedIn });
        await dress(page, house, look);
        await page.goto(await pathOf(page));
        await isLive(page);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await passes(page, look);
      });
    }

    test(`/sign-in ${look.title}`, async ({ somebody }) => {
      const page = await somebody(house);
      await dress(page, house, look);
      await page.goto('/sign-in');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await passes(page, look);
    });
  }
});
