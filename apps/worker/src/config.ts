import { sharedVariables, variables } from '@longhaul/process'

/** The environment variables of a worker. */
export const workerVariables = {
  ...sharedVariables,
  WORKER_PORT: variables.WORKER_PORT,
  LONGHAUL_PYTHON: variables.LONGHAUL_PYTHON,
  LONGHAUL_CODE_MEMORY: variables.LONGHAUL_CODE_MEMORY,
  LONGHAUL_CONCURRENCY: variables.LONGHAUL_CONCURRENCY,
  LONGHAUL_MODEL_PATIENCE: variables.LONGHAUL_MODEL_PATIENCE,
  OPENAI_API_KEY: variables.OPENAI_API_KEY,
  OPENAI_BASE_URL: variables.OPENAI_BASE_URL,
  ANTHROPIC_API_KEY: variables.ANTHROPIC_API_KEY,
  ANTHROPIC_BASE_URL: variables.ANTHROPIC_BASE_URL,
  GOOGLE_API_KEY: variables.GOOGLE_API_KEY,
  GOOGLE_BASE_URL: variables.GOOGLE_BASE_URL,
  LONGHAUL_PROVIDERS: variables.LONGHAUL_PROVIDERS,
}
