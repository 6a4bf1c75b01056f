import { defineConfig } from '@playwright/test';

// One house and one browser at a time: the journeys measure this very machine. Nothing is tried twice: a journey that sometimes fails is
// a fault of ours.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
  retries: 0,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 120_000,
  // A dev build in a browser without a graphics card, on a machine that does other things too.
  expect: { timeout: 20_000 },
  outputDir: 'test-results',
  // `./dev test` counts by the report.
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    browserName: 'chromium',
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--font-render-hinting=none',
        '--force-color-profile=srgb',
      ],
    },
  },
});
