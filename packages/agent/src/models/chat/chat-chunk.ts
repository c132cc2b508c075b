import { isObject } from '../reply/objects.ts'

/** A chunk of a chat completion, as far as it is read. */
export type ChatChunk = {
  choices: ChatChoice[]
  usage?: ChatUsage | null
}

export type ChatChoice = { delta?: ChatDelta | null; finish_reason?: string | null }

export type ChatDelta = {
  content?: string | Record<string, unknown>[] | null
  refusal?: unknown
  reasoning_content?: string | null
  reasoning?: string | null
  tool_calls?: ChatCallDelta[] | null
}

export type ChatCallDelta = {
  index?: number | null
  id?: string | null
  function: { name?: string | null; arguments?: string | null }
  extra_content?: { google?: { thought_signature?: string | null } | null } | null
}

export type ChatUsage = Record<string, unknown> & {
  prompt_tokens?: number | null
  completion_tokens?: number | null
}

/** Whether the fields that are read have their types. A chunk that has not is no answer of a model. */
export function isChatChunk(value: unknown): value is ChatChunk {
  return chunk(value)
}

/** Whether a frame has nothing but an error. */
export function isErrorFrame(value: unknown): value is { error: unknown } {
  return errorFrame(value)
}

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const number: Check = Number.isFinite
const maybe =
  (check: Check): Check =>
  (value) =>
    value == null || check(value)
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value))
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)

function object(fields: Record<string, Check>): Check {
  const checks = Object.entries(fields)
  return (value) => isObject(value) && checks.every(([name, check]) => check(value[name]))
}

const call = object({
  index: maybe(number),
  id: maybe(text),
  function: object({ name: maybe(text), arguments: maybe(text) }),
  extra_content: maybe(object({ google: maybe(object({ thought_signature: maybe(text) })) })),
})

const delta = object({
  role: maybe((value) => value === 'assistant' || value === ''),
  content: maybe(either(text, list(object({ type: text })))),
  reasoning_content: maybe(text),
  reasoning: maybe(text),
  tool_calls: maybe(list(call)),
})

const usage = object({
  prompt_tokens: maybe(number),
  completion_tokens: maybe(number),
  total_tokens: maybe(number),
  prompt_tokens_details: maybe(object({ cached_tokens: maybe(number) })),
  completion_tokens_details: maybe(
    object({
      reasoning_tokens: maybe(number),
      accepted_prediction_tokens: maybe(number),
      rejected_prediction_tokens: maybe(number),
    }),
  ),
})

const chunk = object({
  id: maybe(text),
  created: maybe(number),
  model: maybe(text),
  choices: list(object({ delta: maybe(delta), finish_reason: maybe(text) })),
  usage: maybe(usage),
})

const errorFrame = object({
  error: object({ message: text, type: maybe(text), code: maybe(either(text, number)) }),
})
