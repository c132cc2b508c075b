export { test } from './fixtures.ts'
export * from './servers.ts'
