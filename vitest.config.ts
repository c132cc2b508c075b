import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const tests = ['{apps,packages}/*/src/**/*.test.ts', 'scripts/**/*.test.ts']
const broken = ['scripts/chaos/*-run.test.ts']

export default defineConfig({
  test: {
    // Tests start real processes and wait for real clocks.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: '.data/vitest.json' }]]
      : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: tests,
          exclude: broken,
          globalSetup: ['./packages/testing/src/global-setup.ts'],
          // They mostly wait, so two files fit even on one core; each takes one of Redis's 15 databases.
          maxWorkers: Math.min(8, Math.max(2, availableParallelism() - 1)),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        // Alone and last: what they break takes all there is, and time tells what they find.
        test: {
          name: 'chaos',
          include: broken,
          maxWorkers: 1,
          testTimeout: 240_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
