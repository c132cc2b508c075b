/** The testbed for vitest: the fixtures, and everything that also works outside vitest. */
export { clusterTest, test, workerTest } from './vitest/fixtures.ts'
export * from './http/assert-valid-reply.ts'
export * from './servers.ts'
