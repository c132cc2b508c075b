/** What tests use: the fixtures, and all that works outside of vitest, too. */
export { clusterTest, test, workerTest } from './vitest/fixtures.ts'
export * from './http/assert-valid-reply.ts'
export * from './servers.ts'
