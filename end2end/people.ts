// Who uses the house, and how they get in: through the forms, as everybody does.

import { expect, request, type BrowserContextOptions, type Page } from '@playwright/test';
import type { House } from './house';

export interface Person {
  organisation: string;
  name: string;
  email: string;
  password: string;
}

export const hanako: Person = {
  organisation: '蔵前商店',
  name: '見守 花子',
  email: 'hanako@example.com',
  password: 'ねこは屋根の上で三回まわる',
};

/** Cookies, as a browser context takes them. */
export type SignedIn = NonNullable<BrowserContextOptions['storageState']>;

/** Opens the one-time link and makes the organisation and its first person. */
export async function setUp(page: Page, house: House, person: Person): Promise<void> {
  await page.goto(await house.setUpLink());
  await page.getByLabel('組織の名前').fill(person.organisation);
  await page.getByLabel('あなたの名前').fill(person.name);
  await page.getByLabel('メールアドレス').fill(person.email);
  await page.getByLabel('パスワード').fill(person.password);
  await page.getByRole('button', { name: '組織と管理者をつくる' }).click();
  await expect(page).toHaveURL('/');
}

/** Fills in the sign-in form of the screen one is on. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel('メールアドレス').fill(person.email);
  await page.getByLabel('パスワード').fill(person.password);
  await page.getByRole('button', { name: 'サインインする' }).click();
}

/** Sets the house up without a browser, where getting in is not what a journey is about. */
export async function moveIn(house: House, person: Person): Promise<SignedIn> {
  const { organisation, name, email, password } = person;
  const code = new URL(await house.setUpLink()).searchParams.get('code') ?? '';
  const visitor = await request.newContext({ baseURL: house.url, extraHTTPHeaders: { origin: house.url } });
  const answer = await visitor.post('/set-up', { form: { code, organisation, name, email, password }, maxRedirects: 0 });
  expect(answer.status(), await answer.text()).toBe(303);
  const cookies = await visitor.storageState();
  await visitor.dispose();
  return cookies;
}
