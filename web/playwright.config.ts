import { defineConfig } from '@playwright/test';

// Runs against a server that is up: ISKRA_URL and ISKRA_KEY say which and how to sign in.
export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  workers: 1,
  reporter: [['list']],
  use: {
    baseURL: process.env.ISKRA_URL ?? 'http://127.0.0.1:5080',
    locale: 'en-GB',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
});
