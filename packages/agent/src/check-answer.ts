import { checkJsons, type ContentBudget } from '@longhaul/content'
import type { ModelReply, OutputFormat } from '@longhaul/core'

/**
 * Checks a final answer against the output format of the plan. Resolves with the problem, in words for the model;
 * undefined when there is none, and for a reply that is no final answer: one with calls, or one that was cut short. A
 * refusal is a final answer in its own form.
 */
export async function checkAnswer(
  reply: Pick<ModelReply, 'parts' | 'calls' | 'reason'>,
  output: OutputFormat | undefined,
  budget: ContentBudget,
): Promise<string | undefined> {
  if (output === undefined || reply.calls.length > 0 || reply.reason !== 'stop') return undefined
  if (reply.parts.some(({ refusal }) => refusal === true)) return undefined
  const json = reply.parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('')
  const check =
    output.schema === undefined
      ? { json, object: true }
      : { json, schema: JSON.stringify(output.schema) }
  const [misfit] = await checkJsons([check], budget)
  if (misfit === undefined) return undefined
  if ('problem' in misfit) return `it does not fit the schema: ${misfit.problem}`
  return misfit.not === 'json' ? 'it is not JSON' : 'it is not a JSON object'
}
