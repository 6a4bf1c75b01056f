import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { declare, field, makeSchedule, makeTeam, overrideNow, savePolicy, writePolicy } from './crew';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { alwaysTrue, hasMemorySays, infrastructure, pagesBy, wasStartedSays } from './rules';
import { alertRow, awaitAlert, expect, isLive, test } from './screens';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const LANGUAGES = ['ja', 'en'] as const;
/** Only colours hang on it: one load is looked at in both. */
const THEMES = ['light', 'dark'] as const;

/** A desk and a phone. Both are looked at in one load: no screen may need another one to fit. */
const WIDTHS = [1280, 390];
/** WCAG 1.4.10. */
const NARROWEST = 320;

/** One look: in which language, and what to call it. */
const LOOKS = LANGUAGES.map((lang) => ({ lang, title: `in ${lang}` }));
type Look = (typeof LOOKS)[number];

async function dress(page: Page, house: House, { lang }: Look): Promise<void> {
  await page.context().addCookies([{ name: 'lang', value: lang, url: house.url }]);
}

/** As the server writes it where somebody chose a theme. */
async function light(page: Page, theme: string): Promise<void> {
  await page.evaluate((theme) => document.documentElement.setAttribute('data-theme', theme), theme);
}

/** Where one is. */
function pathOf(page: Page): string {
  return new URL(page.url()).pathname;
}

/** What axe finds, one line for each element. */
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

/** Where a picture of every look of every screen goes, for eyes to go through; none is taken without it. */
const PICTURES = process.env.PICTURES;
const PICTURED = [1440, 390];

async function picture(page: Page): Promise<void> {
  const name = test.info().title.replace(/[^\w.-]+/g, '_');
  for (const width of PICTURED) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of THEMES) {
      await light(page, theme);
      // Charts are painted in the new colours in the next frames.
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${PICTURES}/${name}-${theme}-${width}.png`, fullPage: true });
    }
  }
}

async function passes(page: Page, { lang }: Look): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang);
  if (PICTURES) await picture(page);
  for (const width of WIDTHS) {
    // High enough that the bar at the bottom of a phone covers nothing by chance, however long the form.
    await page.setViewportSize({ width, height: 8000 });
    for (const theme of THEMES) {
      await light(page, theme);
      expect(await violations(page), `${theme}, at ${width} px`).toEqual([]);
    }
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
  /** Where things are that have a number of their own. */
  const paths = { delivery: '', integration: '', incident: '', pay: '', runbook: '' };

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(240_000);
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
    await page.getByRole('button', { name: 'テストを送る', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('テスト → ops');
    paths.delivery = pathOf(page);
    paths.integration = await integrated(page);
    await putOnCall(page);
    paths.incident = await handled(page);
    paths.runbook = await written(page);
    await page.goto('/pay');
    paths.pay = (await page.getByRole('main').getByRole('link', { name: hanako.name }).getAttribute('href')) ?? '';
    await page.close();
  });
  test.afterAll(async () => {
    await house?.close();
  });

  /** A tool that may send alerts: where it is. */
  async function integrated(page: Page): Promise<string> {
    await page.goto('/integrations');
    await field(page, '種類').selectOption({ label: 'Alertmanager' });
    await page.getByRole('main').getByLabel(/^名前/).fill('東京');
    await page.getByRole('button', { name: '追加してキーを発行' }).click();
    await page.goto('/integrations');
    return (await page.getByRole('link', { name: '東京', exact: true }).getAttribute('href')) ?? '';
  }

  /** Shared weeks, a policy that reaches nobody and has tried, and standby that was written down. */
  async function putOnCall(page: Page): Promise<void> {
    await makeTeam(page, 'SRE', [hanako]);
    await makeSchedule(page, { name: 'nights', title: '夜間', team: 'SRE', order: [hanako] });
    await writePolicy(page, 'nights', [['nights のプライマリ', '30s']]);
    await savePolicy(page, 'nights');
    await house.apply(infrastructure, alwaysTrue, pagesBy('nights', 'P1'));
    await expect(async () => {
      await page.goto('/runs');
      await expect(page.getByRole('link', { name: 'nights', exact: true })).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
    await overrideNow(page, 'nights', 'secondary', hanako, '見学');
  }

  /** An incident on which people work: where it is. */
  async function handled(page: Page): Promise<string> {
    await page.goto('/alerts');
    const alert = await page.getByRole('link', { name: hasMemorySays(house) }).first().getAttribute('href');
    await page.goto(`/incidents/new?alert=${alert?.split('/').pop()}`);
    const path = await declare(page, 'P1');
    await field(page, 'メモ').fill('メモリの数を確かめている');
    await page.getByRole('button', { name: '記録', exact: true }).click();
    await field(page, '日本語').fill('調べています。');
    await field(page, 'English').fill('We are looking.');
    await page.getByRole('button', { name: '公開', exact: true }).click();
    await expect(page.getByText('状況報告を公開しました。')).toBeVisible();
    return path;
  }

  /** A runbook: where it is. */
  async function written(page: Page): Promise<string> {
    await page.goto('/documents/new?template=runbook');
    await field(page, '題名').fill('メモリの手順');
    await page.getByRole('button', { name: '作成して書き始める' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'メモリの手順' })).toBeVisible();
    return pathOf(page).replace(/\/edit$/, '');
  }

  /** Where the unanswered alert is. */
  async function alertPath(page: Page): Promise<string> {
    await page.goto('/alerts');
    await isLive(page);
    const link = page.getByRole('link', { name: /メモリがある|has memory/ });
    return (await link.getAttribute('href')) ?? '';
  }

  /** Where the postmortem of the incident is, begun by now. */
  async function postmortemPath(page: Page): Promise<string> {
    const path = paths.incident.replace('/incidents/', '/postmortems/');
    await page.goto(path);
    await isLive(page);
    const begin = page.getByRole('button', { name: /^(書き始める|Start writing)$/ });
    const text = page.getByRole('region', { name: /^(本文|Text)$/ });
    await expect(begin.or(text).first()).toBeVisible();
    if (await begin.isVisible()) await begin.click();
    await expect(text).toBeVisible();
    return path;
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
    '/dashboards': async () => '/dashboards',
    '/dashboards?q=… without one that fits': async () => '/dashboards?q=no-such-board',
    '/d/<slug>': async () => '/d/mimamori?range=15m',
    '/d/<slug>?panel=…': async () => '/d/mimamori?panel=memory&range=15m',
    '/d/<slug>?wall=1': async () => '/d/host?wall=1&range=15m',
    '/d/<slug>/edit': async () => '/d/mimamori/edit',
    '/d/<slug>/history': async () => '/d/mimamori/history',
    '/dashboards/new': async () => '/dashboards/new',
    '/dashboards/import': async () => '/dashboards/import',
    '/dashboards/trash': async () => '/dashboards/trash',
    '/hosts': async () => '/hosts',
    '/explore': async () => '/explore',
    '/explore?q=…': async () => `/explore?q=${encodeURIComponent('rate(node_cpu_seconds_total[1m]')}`,
    '/explore?q=… answered': async () => `/explore?q=${encodeURIComponent('node_load1')}&range=15m`,
    '/explore?q=…&split=… with names': async () => '/explore?q=node_load1&off=up&range=15m&split=before&in=node_load1%2Fhost',
    '/explore?q=…&mark=…': async () => `/explore?q=node_load1&mark=${Date.now() - 120_000}-${Date.now()}`,
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
    '/deliveries/<id>': async () => paths.delivery,
    '/integrations': async () => '/integrations',
    '/integrations/<id>': async () => paths.integration,
    '/pager': async () => '/pager',
    '/account': async () => '/account',
    '/oncall': async () => '/oncall',
    '/oncall/<name>': async () => '/oncall/nights',
    '/oncall/<name>?view=month with an override begun': async () =>
      '/oncall/nights?view=month&role=primary&from=2026-01-01T10%3A00&until=2026-01-01T09%3A00',
    '/oncall/new': async () => '/oncall/new',
    '/oncall/<name>/edit': async () => '/oncall/nights/edit',
    '/escalations': async () => '/escalations',
    '/escalations/<name>': async () => '/escalations/nights',
    '/escalations/new': async () => '/escalations/new',
    '/escalations/<name>/edit': async () => '/escalations/nights/edit',
    '/runs': async () => '/runs',
    '/runs?alert=…': async (page) => `/runs?alert=${(await alertPath(page)).split('/').pop()}`,
    '/incidents': async () => '/incidents',
    '/incidents/new': async () => '/incidents/new',
    '/incidents/<id>': async () => paths.incident,
    '/incidents/<id>/at': async () => `${paths.incident}/at`,
    '/postmortems': async () => '/postmortems',
    '/postmortems?q=…': async () => `/postmortems?q=${encodeURIComponent('メモリ')}`,
    '/postmortems/<id>': postmortemPath,
    '/documents': async () => '/documents',
    '/documents?q=…': async () => `/documents?q=${encodeURIComponent('手順')}`,
    '/documents/new?template=…': async () => '/documents/new?template=adr',
    '/documents/spaces': async () => '/documents/spaces',
    '/documents/trash': async () => '/documents/trash',
    '/documents/import': async () => '/documents/import',
    '/documents/<slug>': async () => paths.runbook,
    '/documents/<slug>/edit': async () => `${paths.runbook}/edit`,
    '/documents/<slug>/history': async () => `${paths.runbook}/history`,
    '/documents/<slug>/settings': async () => `${paths.runbook}/settings`,
    '/documents/<slug>/run': async () => `${paths.runbook}/run`,
    '/actions': async () => '/actions',
    '/reviews': async () => '/reviews',
    '/reviews?list=…': async () => '/reviews?list=ack',
    '/pay': async () => '/pay',
    '/pay/<month>/<person>': async () => paths.pay,
    '/pay/rules': async () => '/pay/rules',
    '/holidays': async () => '/holidays',
    'a screen that does not exist': async () => '/no-such-screen',
  };

  for (const look of LOOKS) {
    for (const [name, path] of Object.entries(screens)) {
      test(`${name} ${look.title}`, async ({ somebody, excused }) => {
        // The browser reports the honest 404 of a missing screen as an error.
        if (name.startsWith('a screen')) excused.push(/status of 404 .*\/no-such-screen/);
        const page = await somebody(house, { storageState: signedIn });
        await dress(page, house, look);
        await page.goto(await path(page));
        // A wall has no frame that would say so.
        if (!name.includes('wall=')) await isLive(page);
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
