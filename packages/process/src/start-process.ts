import {
  type BackendOptions,
  chooseShards,
  createBackend,
  refusalCounts,
  useDefaultLimits,
  useNamespace,
} from '@longhaul/redis'
import { type Config, readConfig, type Shape } from './config.ts'
import { createErrorLog } from './error-log.ts'
import { exitWithReason } from './give-up.ts'
import { heapBytes } from './heap-bytes.ts'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import type { sharedVariables } from './shared-variables.ts'
import { redisServer } from './redis-server.ts'
import { noCluster, noDatabase } from './redis-url.ts'
import { reportStore } from './store-metrics.ts'

type Start<S extends Shape> = Pick<BackendOptions, 'purpose' | 'worker'> & {
  /** The name of the process in its log. */
  name: string
  variables: S & typeof sharedVariables
}

/**
 * What every process that uses the store begins with: its configuration, log and metrics, and the store. Only `main`
 * calls this. Exits with one line when a variable is wrong, or when Redis is not what its URL says. Waits for a cluster
 * that must be asked for its number of shards.
 */
export async function startProcess<S extends Shape>({
  name,
  purpose,
  worker,
  variables,
}: Start<S>) {
  const environment: Config<typeof sharedVariables> & Config<S> = readConfig(variables)
  useNamespace(environment.LONGHAUL_NAMESPACE)
  const log = createLogger({ name, level: environment.LOG_LEVEL })
  const reportError = createErrorLog(log)
  const server = redisServer(environment)
  const shards = await chooseShards(server, {
    configured: environment.LONGHAUL_SHARDS,
    onError: (err) => reportError({ err }, 'redis connection error'),
  })
  const config = { ...environment, LONGHAUL_SHARDS: shards }
  useDefaultLimits(config.LONGHAUL_LIMITS, shards)
  const metrics = createMetrics()
  const heap = heapBytes()
  const backend = createBackend({
    server,
    purpose,
    ...(worker !== undefined && { worker }),
    shards,
    ageingMs: config.LONGHAUL_PRIORITY_AGEING,
    search: config.LONGHAUL_SEARCH,
    heap,
    operatorRates: config.LONGHAUL_MODEL_LIMITS,
    onMissingDatabase: () => exitWithReason(noDatabase(config.REDIS_URL)),
    onNoCluster: () => exitWithReason(noCluster),
    onError: (err, role) => reportError({ err, role }, 'redis connection error'),
  })
  reportStore(metrics, { trouble: backend.storeCheck, refusals: refusalCounts })
  return { config, log, reportError, metrics, heap, backend, shards }
}
