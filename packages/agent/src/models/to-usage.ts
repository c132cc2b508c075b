import type { LanguageModelV4Usage } from '@ai-sdk/provider'
import type { Usage } from '@longhaul/core'

/**
 * The vendor's own figures; undefined when it gave none. Read from the raw object, because the
 * library writes 0 where the vendor said nothing.
 */
export function toUsage({
  raw,
  inputTokens,
  outputTokens,
}: LanguageModelV4Usage): Usage | undefined {
  if (raw === undefined) return undefined
  const input = count(inputTokens.total) ?? 0
  const output = count(outputTokens.total) ?? 0
  const cached = count(within(raw['prompt_tokens_details'], 'cached_tokens'))
  const reasoning = count(within(raw['completion_tokens_details'], 'reasoning_tokens'))
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: count(raw['total_tokens']) ?? input + output,
    ...(cached === undefined ? {} : { cachedTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  }
}

function within(details: unknown, name: string): unknown {
  return typeof details === 'object' && details !== null
    ? (details as Record<string, unknown>)[name]
    : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? Math.round(value)
    : undefined
}
