import { variables } from '@longhaul/process'

/** What a worker reads from its environment. */
export const workerVariables = {
  HOST: variables.HOST,
  WORKER_PORT: variables.WORKER_PORT,
  LOG_LEVEL: variables.LOG_LEVEL,
  REDIS_URL: variables.REDIS_URL,
  LONGHAUL_UNSAFE_REDIS: variables.LONGHAUL_UNSAFE_REDIS,
  LONGHAUL_SHARDS: variables.LONGHAUL_SHARDS,
  LONGHAUL_SECRET_KEY: variables.LONGHAUL_SECRET_KEY,
  LONGHAUL_EGRESS_ALLOW: variables.LONGHAUL_EGRESS_ALLOW,
  LONGHAUL_CONCURRENCY: variables.LONGHAUL_CONCURRENCY,
  LONGHAUL_LOCK_MS: variables.LONGHAUL_LOCK_MS,
  LONGHAUL_DRAIN_MS: variables.LONGHAUL_DRAIN_MS,
  OPENAI_API_KEY: variables.OPENAI_API_KEY,
  OPENAI_BASE_URL: variables.OPENAI_BASE_URL,
  LONGHAUL_PROVIDERS: variables.LONGHAUL_PROVIDERS,
}
