import type { UnknownKeys } from '@longhaul/core'
import type { Backend } from '@longhaul/redis'
import { type Keys, openWatchToken } from '@longhaul/tasks'
import type { Deps } from '../deps.ts'
import { createOperatorKey } from './operator-key.ts'

type Options = {
  session: { throwIfClosed(): void }
  keys: Keys
  backend: Pick<Backend, 'watchTokens'>
  operatorKey: string | undefined
  unknownKeys: UnknownKeys
}

/** Looks up keys and watch tokens, if Redis is ready for requests. */
export function createGate(options: Options): Deps['keys'] {
  const { session, keys, backend, operatorKey, unknownKeys } = options
  const { watchTokens } = backend
  const isOperator = createOperatorKey(operatorKey, unknownKeys)
  return {
    authenticate(bearer, address) {
      session.throwIfClosed()
      return keys.authenticate(bearer, address)
    },
    async watching(token, address) {
      session.throwIfClosed()
      return await openWatchToken(token, { watchTokens, unknownKeys, address })
    },
    isOperator(bearer, address) {
      session.throwIfClosed()
      return isOperator(bearer, address)
    },
  }
}
