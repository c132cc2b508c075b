import { type UnknownKeys, LonghaulError } from '@longhaul/core'
import { type Config, exitWithReason } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import { createKeys, type Keys } from '@longhaul/tasks'
import type { apiVariables } from '../config.ts'

/** Reads the API keys from the environment. Exits the process if the list is not valid. */
export function configuredKeys(
  config: Config<typeof apiVariables>,
  { backend, unknownKeys }: { backend: Pick<Backend, 'keys'>; unknownKeys: UnknownKeys },
): Keys {
  const { LONGHAUL_API_KEYS: list, LONGHAUL_OPERATOR_KEY: operatorKey } = config
  if (list.some(({ key }) => key === operatorKey)) {
    exitWithReason(
      'LONGHAUL_OPERATOR_KEY must be a key of its own, and is one of LONGHAUL_API_KEYS',
    )
  }
  try {
    return createKeys({ keys: backend.keys, list, now: Date.now, unknownKeys })
  } catch (error) {
    if (error instanceof LonghaulError) exitWithReason(`LONGHAUL_API_KEYS: ${error.message}`)
    throw error
  }
}
