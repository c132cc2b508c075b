import type { JSONObject, LanguageModelV4ToolChoice } from '@ai-sdk/provider'
import type { ModelRequest } from '@longhaul/core'

/**
 * The agent's parameters that a vendor knows, as fields of its body. Left out are nulls, what only
 * a gateway understands (`fallbacks`, `cache`, `guardrails` …), and what is refused without tools.
 * The choice of tool stands apart since the library writes that field itself.
 */
export function wireParameters({ model, tools }: ModelRequest): {
  toolChoice: LanguageModelV4ToolChoice | undefined
  fields: JSONObject
} {
  const parameters = model.parameters ?? {}
  const names = tools.length > 0 ? [...known, 'parallel_tool_calls'] : known
  const fields = names
    .map((name) => [name, parameters[name]] as const)
    .filter(([, value]) => value !== null && value !== undefined)
  return {
    toolChoice: toToolChoice(parameters['tool_choice']),
    fields: Object.fromEntries(fields) as JSONObject,
  }
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

/** From `none`, `auto`, `required` or `{ function: { name } }`. */
function toToolChoice(choice: unknown): LanguageModelV4ToolChoice | undefined {
  if (choice === 'none' || choice === 'auto' || choice === 'required') return { type: choice }
  if (typeof choice !== 'object' || choice === null || !('function' in choice)) return undefined
  const { function: called } = choice
  if (typeof called !== 'object' || called === null || !('name' in called)) return undefined
  return typeof called.name === 'string' ? { type: 'tool', toolName: called.name } : undefined
}
