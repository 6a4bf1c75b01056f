// What others wrote delivers into a house and reads from it: Debian's node_exporter, Prometheus and promtool, OpenTelemetry's SDKs. No
// browser takes part.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { House } from './house';
import { hanako, moveIn, type SignedIn } from './people';
import { expect, test } from './screens';
import { Gate } from './senders/gate';
import { info, measured, otelSenders, selector, startOtel } from './senders/measurements';
import { Program, until, type Outcome } from './senders/program';
import { startNodeExporter, startPrometheus, type Exporter, type Prometheus } from './senders/prometheus';
import { Reader } from './senders/reader';
import { makeToken } from './senders/token';

/** For what a sender gathers before it sends. */
const DELIVERED_MS = 30_000;
/** Prometheus waits longer and longer while nobody answers. */
const CAUGHT_UP_MS = 60_000;
/** For a program that asks or sends once. */
const ONCE_MS = 60_000;

const NODE = '{job="node"}';
const UP = `up${NODE}`;

let house: House;
let dir: string;
let writing: string;
let reading: string;
let exporter: Exporter;
let prometheus: Prometheus;
let ours: Reader;

test.beforeAll(async () => {
  house = await House.open('given');
  const signedIn: SignedIn = await moveIn(house, hanako);
  writing = await makeToken(house, signedIn, '送る側', ['metrics:write']);
  reading = await makeToken(house, signedIn, '読む側', ['metrics:read']);
  ours = new Reader(house.url, reading);
  dir = await mkdtemp(join(tmpdir(), 'mimamori-senders-'));
  exporter = await startNodeExporter();
  prometheus = await startPrometheus(dir, exporter.address, house, writing);
});
test.afterAll(async () => {
  await prometheus?.program.stop();
  await exporter?.program.stop();
  if (dir) await rm(dir, { recursive: true, force: true });
  await house?.close();
});

/** The newest moment (seconds) that the sender's Prometheus has scraped. */
async function newestOfTheirs(): Promise<number> {
  return (await prometheus.reader.value(`timestamp(${UP})`)) ?? 0;
}

/** Waits until what was scraped at `moment` has arrived. */
async function arrived(moment: number, ms: number): Promise<void> {
  const isHere = async () => ((await ours.value(`timestamp(${UP})`)) ?? 0) > moment;
  const complaint = () => `nothing of ${moment} or later arrived; the sender logged:\n${prometheus.program.lastLines()}`;
  await until(isHere, ms, complaint);
}

test('a Prometheus that scrapes node_exporter and writes to us: every series arrives with every value', async () => {
  await until(async () => (await newestOfTheirs()) > 0, DELIVERED_MS, () => prometheus.program.lastLines());
  const moment = await newestOfTheirs();
  await arrived(moment, DELIVERED_MS);
  const theirs = await prometheus.reader.values(NODE, moment);
  expect(Object.keys(theirs).length).toBeGreaterThan(100);
  expect(theirs).toHaveProperty([`up{instance="${exporter.address}",job="node"}`], 1);
  expect(await ours.values(NODE, moment)).toEqual(theirs);
});

test('what Prometheus scraped while the server was dead arrives afterwards, and nothing is missing', async () => {
  const before = await newestOfTheirs();
  await arrived(before, DELIVERED_MS);
  await house.kill();
  await until(async () => (await newestOfTheirs()) > before + 4, DELIVERED_MS, () => prometheus.program.lastLines());
  await house.start();
  const after = await newestOfTheirs();
  await arrived(after, CAUGHT_UP_MS);
  // Scrapes are a second apart: half a second later no scrape lies on an edge of the range, about which 2.42 and later ones differ.
  const theirs = await prometheus.reader.samples(`${UP}[5m]`, after + 0.5);
  expect(theirs.length).toBeGreaterThan(4);
  expect(await ours.samples(`${UP}[5m]`, after + 0.5)).toEqual(theirs);
});

for (const sender of otelSenders) {
  test(`OpenTelemetry's SDK for ${sender.name}: counters, gauges, histograms and the resource arrive`, async () => {
    const { code, printed, logged } = await startOtel(sender, house, writing).outcome(ONCE_MS);
    expect({ code, printed, logged }).toEqual({ code: 0, printed: 'sent\n', logged: '' });
    await expect.poll(() => ours.values(selector(sender)), { timeout: DELIVERED_MS }).toEqual(measured(sender));
    const infos = await ours.labels(`target_info{instance="${sender.instance}"} == 1`);
    expect(infos).toEqual([expect.objectContaining(info(sender))]);
  });
}

/** Runs promtool to its end. */
async function promtool(...args: string[]): Promise<Outcome> {
  return new Program('promtool', ['query', ...args]).outcome(ONCE_MS);
}

test('promtool reads an instant, a range, series and the values of a label', async () => {
  await until(async () => (await newestOfTheirs()) > 0, DELIVERED_MS, () => prometheus.program.lastLines());
  const moment = await newestOfTheirs();
  await arrived(moment, DELIVERED_MS);
  const labels = `instance="${exporter.address}", job="node"`;
  const gate = await Gate.open(house.url, reading);
  try {
    const instant = await promtool('instant', `--time=${moment}`, gate.url, UP);
    expect(instant).toEqual({ code: 0, printed: `up{${labels}} => 1 @[${moment}]\n`, logged: '' });
    const found = await promtool('series', `--match=${UP}`, gate.url);
    expect(found).toEqual({ code: 0, printed: `{__name__="up", ${labels}}\n`, logged: '' });
    const jobs = await promtool('labels', gate.url, 'job');
    expect({ code: jobs.code, logged: jobs.logged }).toEqual({ code: 0, logged: '' });
    expect(jobs.printed.trimEnd().split('\n')).toEqual(expect.arrayContaining(['node', 'shop/checkout']));
  } finally {
    await gate.close();
  }
  // `range` alone takes headers, and so needs nobody in between.
  const times = [`--start=${moment - 1}`, `--end=${moment}`, '--step=1s'];
  const range = await promtool('range', `--header=Authorization=Bearer ${reading}`, ...times, house.url, UP);
  expect({ code: range.code, logged: range.logged }).toEqual({ code: 0, logged: '' });
  expect(range.printed).toMatch(new RegExp(`^up\\{${labels}\\} =>\n1 @\\[[\\d.]+\\]\n1 @\\[[\\d.]+\\]\n$`));
});

test('a token that may not is refused, and so is none', async () => {
  const writes = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${house.url}/v1/metrics`, { method: 'POST', headers, body: '{}' })).status;
  };
  expect(await writes(writing)).toBe(200);
  expect(await writes(reading)).toBe(403);
  expect(await writes('mmr_api_unknown')).toBe(401);
  expect((await promtool('instant', house.url, UP)).code).not.toBe(0);
  const refused = await promtool('range', `--header=Authorization=Bearer ${writing}`, house.url, UP);
  expect(refused.code).not.toBe(0);
});
