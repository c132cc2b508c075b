import type { LanguageModelV4Usage } from '@ai-sdk/provider'
import { defined } from '@longhaul/core'
import type { Usage } from '@longhaul/core'

/** The path of each figure in a vendor's usage object. */
export type Figures = {
  total?: string[]
  cached: string[]
  cacheCreation?: string[]
  reasoning: string[]
}

/**
 * The usage that the vendor sent; undefined when it sent none. Details are read from the raw object, because the
 * library writes 0 for a missing figure.
 */
export function toUsage(
  { raw, inputTokens, outputTokens }: LanguageModelV4Usage,
  figures: Figures,
): Usage | undefined {
  if (raw === undefined) return undefined
  const input = count(inputTokens.total) ?? 0
  const output = count(outputTokens.total) ?? 0
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: figure(raw, figures.total) ?? input + output,
    ...defined({
      cachedTokens: figure(raw, figures.cached),
      cacheCreationTokens: figure(raw, figures.cacheCreation),
      reasoningTokens: figure(raw, figures.reasoning),
    }),
  }
}

function figure(raw: unknown, path: string[] | undefined): number | undefined {
  if (path === undefined) return undefined
  return count(path.reduce(within, raw))
}

function within(details: unknown, name: string): unknown {
  return typeof details === 'object' && details !== null
    ? (details as Record<string, unknown>)[name]
    : undefined
}

function count(value: unknown): number | undefined {
  // The bound keeps sums of figures finite.
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? Math.round(value)
    : undefined
}
