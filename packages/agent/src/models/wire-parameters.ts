import type { JSONObject } from '@ai-sdk/provider'
import type { ModelRequest } from '@longhaul/core'

/**
 * The agent's parameters that a vendor knows, as fields of its body. Left out are nulls, what only
 * a gateway understands (`fallbacks`, `cache`, `guardrails` …), and what is refused without tools.
 */
export function wireParameters({ model, tools }: ModelRequest): JSONObject {
  const parameters = model.parameters ?? {}
  const names = tools.length > 0 ? [...known, 'parallel_tool_calls'] : known
  const fields = names
    .map((name) => [name, parameters[name]] as const)
    .filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(fields) as JSONObject
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
