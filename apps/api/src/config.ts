import { sharedVariables, variables } from '@longhaul/process'

/** The environment variables of the API. */
export const apiVariables = {
  ...sharedVariables,
  PORT: variables.PORT,
  TRUST_PROXY: variables.TRUST_PROXY,
  LONGHAUL_API_KEYS: variables.LONGHAUL_API_KEYS,
  LONGHAUL_OPERATOR_KEY: variables.LONGHAUL_OPERATOR_KEY,
  LONGHAUL_CORS_ORIGINS: variables.LONGHAUL_CORS_ORIGINS,
  LONGHAUL_MAX_CONNECTIONS: variables.LONGHAUL_MAX_CONNECTIONS,
  LONGHAUL_SYNC_WAIT: variables.LONGHAUL_SYNC_WAIT,
}
