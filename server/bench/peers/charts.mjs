// Redraws charts of ours and of uPlot in one page of a headless Chromium, and prints the medians as JSON.
//
//   node charts.mjs DRAWN    a directory with `drawn.js` and `drawn.wasm`, made of server/bench/drawn
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = import.meta.dirname;
const root = path.join(here, '..', '..', '..');
const { chromium } = createRequire(path.join(root, 'end2end', 'package.json'))('@playwright/test');
const drawn = process.argv[2];
const uplot = path.join(here, 'node_modules', 'uplot', 'dist');
const FILES = {
  '/': ['text/html', path.join(here, 'charts.html')],
  '/tokens.css': ['text/css', path.join(root, 'style', 'tokens.css')],
  '/chart.js': ['text/javascript', path.join(root, 'public', 'chart.js')],
  '/uplot.js': ['text/javascript', path.join(uplot, 'uPlot.iife.min.js')],
  '/uplot.css': ['text/css', path.join(uplot, 'uPlot.min.css')],
  '/drawn.js': ['text/javascript', path.join(drawn, 'drawn.js')],
  '/drawn.wasm': ['application/wasm', path.join(drawn, 'drawn.wasm')],
};

const server = createServer(async (request, response) => {
  const [kind, file] = FILES[request.url] ?? [];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': kind }).end(await readFile(file));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const trouble = new Promise((_, reject) => page.on('pageerror', reject));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await Promise.race([page.waitForFunction(() => window.measured, null, { timeout: 240_000 }), trouble]);
  if (process.env.PICTURE) {
    await page.screenshot({ path: process.env.PICTURE, fullPage: true });
  }
  console.log(JSON.stringify(await page.evaluate(() => window.measured)));
} finally {
  await browser.close();
  server.close();
}
