import { request } from '@playwright/test';
import { House } from './house';
import { hanako, moveIn, signIn, type SignedIn } from './people';
import { expect, test } from './screens';

const SCREENS = [
  '/',
  '/alerts',
  '/alerts/A-1',
  '/rules',
  '/hosts',
  '/hosts/kura-01',
  '/dashboards',
  '/d/mimamori',
  '/d/mimamori/edit',
  '/people',
  '/account',
  '/oncall',
  '/oncall/payments',
  '/escalations',
  '/runs',
  '/incidents',
  '/incidents/I-1',
  '/incidents/I-1/at',
  '/reviews',
  '/postmortems',
  '/postmortems/I-1',
  '/postmortems/I-1/print',
  '/actions',
  '/pay',
  '/holidays',
  '/no-such-screen',
];
const CALLS = [
  'now',
  'alert_list',
  'alert_detail',
  'alert_acknowledge',
  'rule_list',
  'host_list',
  'host_board',
  'incidents',
  'incident',
  'incident_declare',
  'incident_act',
  'postmortems',
  'postmortem',
  'postmortem_act',
  'actions',
  'action_finish',
];
const FOR_PROGRAMS = ['/live', '/api/v1/query?query=up', '/api/v1/labels'];
/** What a browser sends along when another place makes it ask. */
const FOREIGN = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
  { 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' },
  { origin: 'https://elsewhere.example' },
  { referer: 'https://elsewhere.example/form' },
  {},
];

let house: House;
let signedIn: SignedIn;

test.beforeAll(async () => {
  house = await House.open('given');
  signedIn = await moveIn(house, hanako);
});
test.afterAll(async () => {
  await house?.close();
});

test('every screen sends a stranger to sign-in, and back afterwards', async ({ somebody }) => {
  const stranger = await request.newContext({ baseURL: house.url, extraHTTPHeaders: { accept: 'text/html' } });
  for (const path of SCREENS) {
    const answer = await stranger.get(path, { maxRedirects: 0 });
    expect(answer.status(), path).toBe(303);
    expect(answer.headers().location, path).toMatch(/^\/sign-in(\?|$)/);
    expect(await answer.text(), path).toBe('');
  }
  await stranger.dispose();

  const page = await somebody(house);
  await page.goto('/people');
  await expect(page).toHaveURL('/sign-in?next=%2Fpeople');
  await signIn(page, hanako);
  await expect(page).toHaveURL('/people');
});

test('a stranger can call nothing and read nothing', async () => {
  const stranger = await request.newContext({ baseURL: house.url, extraHTTPHeaders: { accept: 'application/json' } });
  for (const call of CALLS) {
    const answer = await stranger.post(`/call/${call}`, { form: { id: '1' }, headers: { origin: house.url } });
    expect(answer.status(), call).toBe(401);
  }
  for (const path of FOR_PROGRAMS) {
    expect((await stranger.get(path)).status(), path).toBe(401);
  }
  await stranger.dispose();
});

test('what another place makes a signed-in browser send is refused', async () => {
  const browser = await request.newContext({ baseURL: house.url, storageState: signedIn });
  for (const headers of FOREIGN) {
    for (const path of ['/call/alert_acknowledge', '/sign-out', '/preferences']) {
      const answer = await browser.post(path, { form: { id: '1', lang: 'en' }, headers, maxRedirects: 0 });
      expect(answer.status(), `${path} ${JSON.stringify(headers)}`).toBe(403);
    }
  }
  // Nothing happened: the session is still there.
  expect((await browser.get('/', { headers: { accept: 'text/html' }, maxRedirects: 0 })).status()).toBe(200);
  await browser.dispose();
});

test('the sign-in screen loads no script at all', async ({ somebody }) => {
  const page = await somebody(house);
  const scripts: string[] = [];
  page.on('request', (asked) => {
    if (asked.resourceType() === 'script' || /\.(js|wasm)(\?|$)/.test(asked.url())) scripts.push(asked.url());
  });
  const answer = await page.goto('/sign-in', { waitUntil: 'networkidle' });
  expect(scripts).toEqual([]);
  expect(await answer?.text()).not.toMatch(/<script/i);
  expect(answer?.headers()['content-security-policy']).toContain("script-src 'none'");
});
