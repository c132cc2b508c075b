import type { ModelChoice } from '../manifest/plan.ts'

/** A model that may write no more than `left` tokens, where anybody has said how many are left. */
export function withinOutput(model: ModelChoice, left: number | undefined): ModelChoice {
  const { parameters = {} } = model
  if (left === undefined) return model
  const given = names.find((name) => typeof parameters[name] === 'number')
  if (given !== undefined && Number(parameters[given]) <= left) return model
  // OpenAI's newer models refuse the older name, and many other servers know no other.
  const name = given ?? (model.id.startsWith('openai/') ? names[0] : names[1])
  return { ...model, parameters: { ...parameters, [name]: left } }
}

const names = ['max_completion_tokens', 'max_tokens'] as const
