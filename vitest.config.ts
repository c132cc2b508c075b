import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const long = process.env['TEST_LANE'] === 'long'
// Tests of processes wait for clocks and for each other. A limit is there for what hangs, and not to
// measure: on a busy machine a test may take ten times as long.
const limit = 120_000

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: long ? [] : ['**/*.long.test.ts'],
    testTimeout: limit,
    hookTimeout: limit,
    expect: { poll: { timeout: limit - 10_000 } },
    // Files share a worker, with the modules and the stacks that it has, so a test leaves nothing behind.
    isolate: false,
    // They mostly wait, so there are more of them than cores. Each takes up to three of Redis's 15 databases.
    maxWorkers: Math.min(5, 2 * availableParallelism()),
    globalSetup: ['./packages/testing/src/global-setup.ts'],
    setupFiles: ['./packages/testing/src/seed.ts'],
    reporters: [
      'default',
      './packages/testing/src/slowest-reporter.ts',
      ['json', { outputFile: '.data/vitest.json' }],
    ],
  },
})
