/**
 * The requirements of Longhaul for a machine without Docker and without privileges: Redis, the sandbox, and the
 * management of processes.
 */
export { type Browser, bringBrowser } from './browser.ts'
export { dyingWithParent } from './dying-with-parent.ts'
export { freePort } from './free-port.ts'
export { endLeftover, recordProcess } from './leftover.ts'
export { takeLock } from './lock.ts'
export { redisBinary } from './redis-binary.ts'
export { dockerAnswers } from './redis-container.ts'
export type { RunningRedis } from './redis-server.ts'
export { startRedis } from './redis.ts'
export { endProcessesOf, runMark } from './run-leftovers.ts'
export { bringSandbox } from './sandbox.ts'
