import { ModelError, limits } from '@longhaul/core'
import type { ModelRequest, Models } from '@longhaul/core'
import { gatherReply } from './reply/gather-reply.ts'
import { withoutCodeFence } from './reply/without-code-fence.ts'
import { withUniqueCallIds } from './request/unique-call-ids.ts'
import type { Provider } from './provider.ts'
import { variablesOf } from './providers.ts'
import { watchCall } from './watch-call.ts'
import type { Timeouts } from './watch-call.ts'

/** Calls models by their `provider/model` ids, within the limits of time and size that hold for all. */
export function createModels({
  providers,
  timeouts = {},
}: {
  providers: ReadonlyMap<string, Provider>
  timeouts?: Partial<Timeouts>
}): Models {
  return {
    async ask(request, { signal, onDelta }) {
      signal.throwIfAborted()
      const { provider, model } = find(providers, request.model.id)
      const bounds = { ...limits.model, ...timeouts, ...timeoutOf(request) }
      const call = Math.min(bounds.call, request.withinMs ?? Infinity)
      const watch = watchCall(signal, { ...bounds, call })
      try {
        const messages = withUniqueCallIds(request.messages)
        const answer = provider.stream(model, { ...request, messages }, watch.signal)
        const events = request.output === undefined ? answer : withoutCodeFence(answer)
        // The race makes an abort independent of a provider that is slow to notice it.
        return await Promise.race([gatherReply(events, { watch, onDelta }), watch.aborted])
      } catch (error) {
        watch.signal.throwIfAborted()
        watch.abort(error)
        throw error instanceof ModelError ? error : unexpected(error)
      } finally {
        watch.end()
      }
    },
  }
}

function find(
  providers: ReadonlyMap<string, Provider>,
  id: string,
): { provider: Provider; model: string } {
  const slash = id.indexOf('/')
  const name = id.slice(0, Math.max(slash, 0))
  const provider = providers.get(name)
  if (provider !== undefined) return { provider, model: id.slice(slash + 1) }

  if (slash < 1) {
    const problem = `the model "${id}" names no provider: an id is written provider/model`
    throw new ModelError(problem, { retryable: false, unsent: true })
  }
  const known = [...providers.keys()].toSorted().join(', ')
  const problem = `there is no provider "${name}" here: use a model of another one, or ask whoever operates this server`
  // The message does not show the caller how the server is configured. The cause is for the operator's log.
  const cause = new Error(
    `${name} is not configured (there are: ${known}); set ${variablesOf(name)}`,
  )
  throw new ModelError(problem, { retryable: false, unsent: true, cause })
}

/** The limit of the whole call, milliseconds, from the agent's `parameters.timeout.call_timeout`. */
function timeoutOf(request: ModelRequest): { call?: number } {
  const timeout = request.model.parameters?.['timeout']
  if (typeof timeout !== 'object' || timeout === null) return {}
  const call = 'call_timeout' in timeout ? timeout.call_timeout : undefined
  return typeof call === 'number' && call >= 1 ? { call } : {}
}

function unexpected(error: unknown): ModelError {
  return new ModelError('the model call failed inside Longhaul', {
    code: 'internal',
    retryable: false,
    cause: error,
  })
}
