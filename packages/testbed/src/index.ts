/** What tests use: the fixtures, and all that works outside of vitest, too. */
export { stackTest, test, workerTest } from './fixtures.ts'
export * from './assert-valid-reply.ts'
export * from './servers.ts'
