import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Tests of processes wait for clocks and for each other. A limit is there for what hangs, and not to
// measure: on a busy machine a test may take ten times as long.
const limit = 120_000
const long = ['**/*.long.test.ts']

const tests = {
  extends: true as const,
  test: {
    name: 'tests',
    include: ['{apps,packages}/*/src/**/*.test.ts', '{scripts,tests}/**/*.test.ts'],
    exclude: [...long, '**/node_modules/**'],
    // They mostly wait, so there are more of them than cores. Each takes up to three of Redis's 15 databases.
    maxWorkers: Math.min(5, 2 * availableParallelism()),
    sequence: { groupOrder: 1 },
  },
}

// Chaos and benches take minutes and both cores: they run alone, and last.
const alone = {
  extends: true as const,
  test: {
    name: 'alone',
    include: long,
    exclude: ['**/node_modules/**'],
    maxWorkers: 1,
    testTimeout: 5 * limit,
    sequence: { groupOrder: 2 },
  },
}

export default defineConfig({
  test: {
    testTimeout: limit,
    hookTimeout: limit,
    expect: { poll: { timeout: limit - 10_000 } },
    // Files share a worker, with its modules and its clusters, so a test leaves nothing behind.
    isolate: false,
    globalSetup: ['./packages/testbed/src/vitest/global-setup.ts'],
    setupFiles: ['./packages/testbed/src/vitest/configure-seed.ts'],
    reporters: [
      'default',
      './packages/testbed/src/vitest/slowest-reporter.ts',
      ['json', { outputFile: '.data/vitest.json' }],
    ],
    projects: process.env['TEST_LANE'] === 'long' ? [tests, alone] : [tests],
  },
})
