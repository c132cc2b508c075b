import { cutText, invalid, LonghaulError } from '@longhaul/core'
import type { ItemRequest, PlanChanges, TurnRequest } from '@longhaul/tasks'
import { callerMetadataOf, labelsOf } from '../shared/caller-metadata.ts'
import { defined } from '../shared/defined.ts'
import { fairnessKeyFrom } from '../shared/turn-options.ts'
import { priorityOfTier } from './service-tier.ts'
import { readTools, type RequestTools } from './client-tools/request-tools.ts'
import { toInput } from './input/to-items.ts'
import { conversationOf, requestParametersOf } from './request-parameters.ts'
import type { ResponseRequest } from './response-request.ts'

/** Maps a request to its turn. Throws invalid, which names the field. */
export function toTurnRequest(
  request: ResponseRequest,
  { workspace, agent }: { workspace: string; agent: string | undefined },
): TurnRequest | ItemRequest {
  refuseContradictions(request)
  const { previous_response_id: previous, variables, template_engine: engine } = request
  const conversation = conversationOf(request)
  const tools = readTools(request)
  const changes = changesOf(request, tools)
  const { identity, thread, memory, metadata } = request
  const callerMetadata = callerMetadataOf({
    identity,
    thread,
    memory,
    metadata,
    ...(conversation !== undefined && { conversation: { _id: conversation } }),
  })
  return {
    ...answererOf(request.model, agent),
    workspace,
    ...toInput(request.input),
    literal: true,
    complete: true,
    asked: requestParametersOf(request, tools),
    ...(tools.ignored.length > 0 && { ignored: tools.ignored }),
    ...(Object.keys(changes).length > 0 && { changes }),
    ...(previous !== undefined && { follows: { response: previous } }),
    ...(conversation !== undefined && { follows: { conversation } }),
    ...(variables !== undefined && { variables }),
    ...(engine !== undefined && { engine }),
    ...defined({
      priority: priorityOfTier(request.service_tier),
      fairnessKey: fairnessKeyOf(request),
    }),
    ...(Object.keys(callerMetadata).length > 0 && {
      notes: callerMetadata,
      labels: labelsOf(callerMetadata),
    }),
    ...(request.store === false && { stored: false }),
  }
}

/** The end user, under the most specific of its names. */
function fairnessKeyOf({ safety_identifier, user, identity }: ResponseRequest): string | undefined {
  return (
    fairnessKeyFrom(safety_identifier) ?? fairnessKeyFrom(user) ?? fairnessKeyFrom(identity?.id)
  )
}

function refuseContradictions(request: ResponseRequest): void {
  const { store, background, conversation, previous_response_id: previous } = request
  if (store === false && background === true) {
    throw invalid(
      'store',
      'must be true with background: what is forgotten could not be read later',
    )
  }
  if (store === false && conversation !== undefined) {
    throw invalid('store', 'must be true with a conversation, which is kept')
  }
  if (previous !== undefined && conversation !== undefined) {
    throw invalid('previous_response_id', 'cannot be given together with a conversation')
  }
  if ((request.limits?.max_cost ?? 0) > 0) {
    throw invalid('limits.max_cost', 'a cost limit is not supported yet')
  }
  for (const name of [
    'guardrails',
    'plugins',
    'security',
    'prompt',
    'context_management',
  ] as const) {
    if (asksForNothing(request[name])) continue
    throw new LonghaulError('invalid', `${name}: is not supported yet`, {
      reason: 'unsupported_parameter',
      fields: [{ path: name, message: 'is not supported yet' }],
    })
  }
}

function asksForNothing(value: unknown): boolean {
  return value == null || (Array.isArray(value) && value.length === 0)
}

/** The agent in the path, or else the agent or the model in `model`. */
function answererOf(
  model: string | undefined,
  inPath: string | undefined,
): { agent: string } | { model: string } {
  const [, named] = /^agent\/(.+)$/.exec(model ?? '') ?? []
  if (inPath !== undefined) {
    if (named === undefined || keyOf(named) === keyOf(inPath)) return { agent: inPath }
    throw invalid('model', `names the agent ${cutText(named, 100)}, and the path another one`)
  }
  if (model === undefined) throw invalid('model', 'is required')
  return named === undefined ? { model } : { agent: named }
}

function keyOf(ref: string): string {
  return ref.split('@')[0] ?? ref
}

function changesOf(request: ResponseRequest, tools: RequestTools): PlanChanges {
  const { instructions, text, fallbacks, retry, limits = {} } = request
  const parameters = parametersOf(request, tools)
  return defined({
    directions: instructions,
    ...tools.changes,
    parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
    output: outputOf(text?.format),
    fallbacks: fallbacks?.map(({ model }) => model),
    retry: retry && {
      count: retry.count,
      ...(retry.on_codes != null && { onCodes: retry.on_codes }),
    },
    maxOutputTokens: request.max_output_tokens,
    maxToolCalls: request.max_tool_calls,
    untrimmed: request.truncation === 'disabled' ? (true as const) : undefined,
    maxIterations: limits.max_iterations,
    maxExecutionSeconds: limits.max_execution_time,
  })
}

/** The model parameters of a request, under the names that an agent uses. */
function parametersOf(
  request: ResponseRequest,
  { choice }: Pick<RequestTools, 'choice'>,
): Record<string, unknown> {
  return defined({
    temperature: request.temperature,
    top_p: request.top_p,
    top_k: request.top_k,
    presence_penalty: request.presence_penalty,
    frequency_penalty: request.frequency_penalty,
    stop: request.stop_sequences,
    parallel_tool_calls: request.parallel_tool_calls,
    reasoning_effort: request.reasoning?.effort,
    verbosity: request.text?.verbosity,
    prompt_cache_key: request.prompt_cache_key,
    timeout: request.timeout,
    tool_choice: choice,
  })
}

type Format = NonNullable<ResponseRequest['text']>['format']

function outputOf(format: Format): PlanChanges['output'] | undefined {
  if (format === undefined) return undefined
  if (format.type === 'text') return {}
  if (format.type === 'json_object') return { format: {} }
  const { type: _, ...schema } = format
  return { format: defined(schema) }
}
