import {
  generateText,
  isStepCount,
  type JSONValue,
  type LanguageModel,
  type ModelMessage,
  streamText,
  type ToolSet,
} from 'ai'

/** A request to the AI SDK, which allows up to five steps. */
export type Request = {
  model: LanguageModel
  instructions?: string
  prompt: string | ModelMessage[]
  tools?: ToolSet
  /** Options of the provider. */
  openai?: Record<string, JSONValue>
}

export type Answer = {
  text: string
  steps: number
  reasoning: string | undefined
  finish: string
  /** Of its response. */
  id: string
  messages: ModelMessage[]
  sources: unknown[]
}

export async function generate({ openai = {}, ...request }: Request): Promise<Answer> {
  const providerOptions = { openai }
  const made = await generateText({ ...request, providerOptions, stopWhen: isStepCount(5) })
  return {
    text: made.text,
    steps: made.steps.length,
    reasoning: made.steps[0]?.reasoningText,
    finish: made.finishReason,
    id: made.finalStep.response.id,
    messages: made.responseMessages,
    sources: made.sources,
  }
}

/** The same as a stream. Rejects with an error of the stream. */
export async function stream({ openai = {}, ...request }: Request): Promise<Answer> {
  const providerOptions = { openai }
  const made = streamText({ ...request, providerOptions, stopWhen: isStepCount(5) })
  let text = ''
  for await (const part of made.fullStream) {
    if (part.type === 'error') throw part.error
    if (part.type === 'start-step') text = ''
    if (part.type === 'text-delta') text += part.text
  }
  const steps = await made.steps
  return {
    text,
    steps: steps.length,
    reasoning: steps[0]?.reasoningText,
    finish: await made.finishReason,
    id: steps.at(-1)?.response.id ?? '',
    messages: await made.responseMessages,
    sources: await made.sources,
  }
}
