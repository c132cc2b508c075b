import { type Guesses, LonghaulError } from '@longhaul/core'
import { type Config, giveUp } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import { createKeys, type Keys } from '@longhaul/tasks'
import type { apiVariables } from '../config.ts'

/** The API keys that the environment names. Ends the process when the list is wrong. */
export function configuredKeys(
  config: Config<typeof apiVariables>,
  { backend, guesses }: { backend: Pick<Backend, 'keys'>; guesses: Guesses },
): Keys {
  const { LONGHAUL_API_KEYS: list, LONGHAUL_OPERATOR_KEY: operatorKey } = config
  if (list.some(({ key }) => key === operatorKey)) {
    giveUp('LONGHAUL_OPERATOR_KEY must be a key of its own, and is one of LONGHAUL_API_KEYS')
  }
  try {
    return createKeys({ keys: backend.keys, list, now: Date.now, guesses })
  } catch (error) {
    if (error instanceof LonghaulError) giveUp(`LONGHAUL_API_KEYS: ${error.message}`)
    throw error
  }
}
