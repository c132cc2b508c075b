import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['./packages/testing/src/global-setup.ts'],
    // Tests start real processes and wait for real clocks.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // They mostly wait, so two files fit even on one core; each takes one of Redis's 15 databases.
    maxWorkers: Math.min(8, Math.max(2, availableParallelism() - 1)),
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: '.data/vitest.json' }]]
      : ['default'],
  },
})
