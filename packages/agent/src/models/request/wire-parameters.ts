import type { JSONObject } from '@ai-sdk/provider'
import { defined } from '@longhaul/core'
import type { ModelRequest, OutputFormat } from '@longhaul/core'

/**
 * The agent's parameters that OpenAI's chat completions support, as fields of the body. Leaves out nulls, fields that
 * only a gateway understands (`fallbacks`, `cache`, `guardrails` …), and fields that are refused without tools.
 */
export function wireParameters({ model, tools, output }: ModelRequest): JSONObject {
  const parameters = model.parameters ?? {}
  const values: Record<string, unknown> = {
    ...parameters,
    response_format: responseFormat(parameters, output),
  }
  const names = tools.length > 0 ? [...known, 'parallel_tool_calls'] : known
  const fields = names
    .map((name) => [name, values[name]] as const)
    .filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(fields) as JSONObject
}

/** The agent's own `response_format`, unchanged; else one that is made from the output format. */
function responseFormat(parameters: Record<string, unknown>, output?: OutputFormat): unknown {
  const own = parameters['response_format']
  const isJson = typeof own === 'object' && own !== null && 'type' in own && own.type !== 'text'
  if (isJson || output === undefined) return own
  const { name = 'answer', schema, ...rest } = output
  if (schema === undefined) return { type: 'json_object' }
  return { type: 'json_schema', json_schema: { name, ...defined(rest), schema } }
}

const known = [
  'temperature',
  'top_p',
  'top_k',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'response_format',
  'reasoning_effort',
  'verbosity',
  'modalities',
  'prompt_cache_key',
]
