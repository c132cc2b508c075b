import { checkAgainstSchema } from '@longhaul/content'
import type { Budget, ModelReply, OutputFormat } from '@longhaul/core'

/**
 * Why a final answer is not what the plan asks for, as the model shall read it; undefined when it is, and
 * for what is no final answer: one that calls tools, or was cut short.
 */
export function checkAnswer(
  reply: Pick<ModelReply, 'parts' | 'calls' | 'reason'>,
  output: OutputFormat | undefined,
  budget: Budget,
): string | undefined {
  if (output === undefined || reply.calls.length > 0 || reply.reason !== 'stop') return undefined
  const text = reply.parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('')
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  if (output.schema === undefined) {
    const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer)
    return isObject ? undefined : 'it is not a JSON object'
  }
  const misfit = checkAgainstSchema(output.schema, answer, budget)
  return misfit === undefined ? undefined : `it does not fit the schema: ${misfit}`
}
