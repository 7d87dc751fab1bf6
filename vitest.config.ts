import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));
const long = process.env.DIPTYCH_LONG === '1';

export default defineConfig({
  resolve: {
    // Specs run against the sources, so that one module is never loaded twice: once built and once not.
    alias: [
      { find: /^@diptych\/core$/, replacement: source('core/src/index.ts') },
      { find: /^@diptych\/core\/http$/, replacement: source('core/src/http/index.ts') },
      { find: /^@diptych\/core\/memory$/, replacement: source('core/src/memory/index.ts') },
      { find: /^@diptych\/core\/opentelemetry$/, replacement: source('core/src/telemetry/opentelemetry.ts') },
      { find: /^@diptych\/sqlite-adapters$/, replacement: source('sqlite-adapters/src/index.ts') },
      {
        find: /^@diptych\/azure-adapters\/event-grid$/,
        replacement: source('azure-adapters/src/event-grid/index.ts'),
      },
      {
        find: /^@diptych\/azure-adapters\/service-bus$/,
        replacement: source('azure-adapters/src/service-bus/index.ts'),
      },
      {
        find: /^@diptych\/azure-adapters\/cosmos$/,
        replacement: source('azure-adapters/src/cosmos/index.ts'),
      },
      { find: /^@diptych\/azure-adapters\/redis$/, replacement: source('azure-adapters/src/redis/index.ts') },
      {
        find: /^@diptych\/azure-adapters\/search$/,
        replacement: source('azure-adapters/src/search/index.ts'),
      },
      { find: /^@diptych\/azure-adapters\/sql$/, replacement: source('azure-adapters/src/sql/index.ts') },
      { find: /^@diptych\/azure-emulators$/, replacement: source('azure-emulators/src/index.ts') },
      { find: /^@diptych\/testing$/, replacement: source('testing/src/index.ts') },
      { find: /^@diptych\/testing\/contracts$/, replacement: source('testing/src/contracts/index.ts') },
    ],
  },
  test: {
    include: ['{packages,examples}/*/src/**/*.spec.ts', 'bench/src/**/*.spec.ts', 'scripts/**/*.spec.mjs'],
    // A limit for what hangs, not a measure of speed: CI may be slow, and the long run tries many more inputs.
    testTimeout: long ? 600_000 : 30_000,
    // Left alone it leaves one core idle, which on two is half of them.
    maxWorkers: '100%',
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.spec.ts'])],
    reporters: ['default', './scripts/support-matrix.mjs'],
    typecheck: {
      enabled: true,
      include: ['{packages,examples}/*/src/**/*.test-d.ts'],
      tsconfig: './tsconfig.test-d.json',
    },
  },
});
