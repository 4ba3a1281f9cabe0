import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const backend = process.env.ISKRA_URL ?? 'http://127.0.0.1:5080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // Data URLs of fonts or scripts would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/v1': backend,
      '/health': backend,
      '/ws': { target: backend, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
