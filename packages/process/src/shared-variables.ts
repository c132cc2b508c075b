import { redisVariables } from './redis-server.ts'
import { variables } from './variables.ts'

/** The environment variables of every process that uses the store. */
export const sharedVariables = {
  HOST: variables.HOST,
  LOG_LEVEL: variables.LOG_LEVEL,
  ...redisVariables,
  LONGHAUL_NAMESPACE: variables.LONGHAUL_NAMESPACE,
  LONGHAUL_UNSAFE_REDIS: variables.LONGHAUL_UNSAFE_REDIS,
  LONGHAUL_SHARDS: variables.LONGHAUL_SHARDS,
  LONGHAUL_LIMITS: variables.LONGHAUL_LIMITS,
  LONGHAUL_SHED_AFTER: variables.LONGHAUL_SHED_AFTER,
  LONGHAUL_SECRET_KEY: variables.LONGHAUL_SECRET_KEY,
  LONGHAUL_EGRESS_ALLOW: variables.LONGHAUL_EGRESS_ALLOW,
  LONGHAUL_MODEL_LIMITS: variables.LONGHAUL_MODEL_LIMITS,
  LONGHAUL_TURN_DEADLINE: variables.LONGHAUL_TURN_DEADLINE,
  LONGHAUL_PRIORITY_AGEING: variables.LONGHAUL_PRIORITY_AGEING,
  LONGHAUL_TASK_RETENTION: variables.LONGHAUL_TASK_RETENTION,
  LONGHAUL_SEARCH: variables.LONGHAUL_SEARCH,
  LONGHAUL_LOCK_MS: variables.LONGHAUL_LOCK_MS,
  LONGHAUL_DRAIN_MS: variables.LONGHAUL_DRAIN_MS,
}
