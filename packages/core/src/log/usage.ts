import type { Usage } from '../history/message.ts'

/** The sum of two usages. A count that both lack stays absent. */
export function addUsage(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const sum: Usage = {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  }
  for (const detail of ['cachedTokens', 'cacheCreationTokens', 'reasoningTokens'] as const) {
    if (a[detail] !== undefined || b[detail] !== undefined) {
      sum[detail] = (a[detail] ?? 0) + (b[detail] ?? 0)
    }
  }
  return sum
}
