/** All of this package that works outside of vitest, too: for benches and the like. */
export * from './fault-proxy.ts'
export * from './flaky-proxy.ts'
export * from './processes.ts'
export { startRedis } from './redis-server.ts'
export * from './scripted-model.ts'
export * from './scripted-server.ts'
export * from './shifted-clock.ts'
export * from './stack.ts'
