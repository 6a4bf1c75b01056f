// An API token, made by the form of the account's screen as a browser without scripts sends it.

import { expect, request } from '@playwright/test';
import type { House } from '../house';
import type { SignedIn } from '../people';

/** Makes a token that may do what `scopes` say, and returns its text, which is shown once. */
export async function makeToken(house: House, signedIn: SignedIn, name: string, scopes: string[]): Promise<string> {
  const desk = await request.newContext({
    baseURL: house.url,
    storageState: signedIn,
    extraHTTPHeaders: { origin: house.url, accept: 'text/html' },
  });
  const form = new URLSearchParams({ name, days: '30' });
  for (const scope of scopes) form.append('scopes[]', scope);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', referer: `${house.url}/account` };
  const answer = await desk.post('/call/token_make', { data: form.toString(), headers, maxRedirects: 0 });
  const shown = await answer.text();
  await desk.dispose();
  expect(answer.status(), shown).toBe(200);
  const token = shown.match(/mmr_[a-z]+_\w+/)?.[0];
  expect(token, shown).toBeDefined();
  return token ?? '';
}
