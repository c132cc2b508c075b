import { variables } from '@longhaul/process'

/** What the API reads from its environment. */
export const apiVariables = {
  HOST: variables.HOST,
  PORT: variables.PORT,
  TRUST_PROXY: variables.TRUST_PROXY,
  LOG_LEVEL: variables.LOG_LEVEL,
  REDIS_URL: variables.REDIS_URL,
  LONGHAUL_UNSAFE_REDIS: variables.LONGHAUL_UNSAFE_REDIS,
  LONGHAUL_SHARDS: variables.LONGHAUL_SHARDS,
  LONGHAUL_API_KEYS: variables.LONGHAUL_API_KEYS,
  LONGHAUL_SECRET_KEY: variables.LONGHAUL_SECRET_KEY,
  LONGHAUL_EGRESS_ALLOW: variables.LONGHAUL_EGRESS_ALLOW,
  LONGHAUL_SYNC_WAIT: variables.LONGHAUL_SYNC_WAIT,
  LONGHAUL_TURN_DEADLINE: variables.LONGHAUL_TURN_DEADLINE,
  LONGHAUL_TASK_RETENTION: variables.LONGHAUL_TASK_RETENTION,
  LONGHAUL_DRAIN_MS: variables.LONGHAUL_DRAIN_MS,
}
