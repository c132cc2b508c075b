import { setTimeout as sleep } from 'node:timers/promises'
import { cutText, ModelError, builtinTools } from '@longhaul/core'
import type { Message, ModelRequest, Usage } from '@longhaul/core'
import type { Provider, ProviderEvent } from './provider.ts'

const wordDelay = 30

/**
 * Simulated models, whose answers say that they are simulated. `demo/simulated` answers word by word and may call
 * `current_date`. `demo/instant` answers at once, for benches.
 */
export const demo: Provider = {
  stream(model, request, signal) {
    switch (model) {
      case 'simulated':
        return simulated(request, signal)
      case 'instant':
        return instant(request)
      default:
        throw new ModelError(
          `there is no model "demo/${model}", only demo/simulated and demo/instant`,
          { retryable: false },
        )
    }
  },
}

async function* simulated(
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const message = lastUserText(request.messages)
  const date = dateReturnedSince(request.messages)
  if (date === undefined && asksForDate(message) && offersDate(request)) {
    await sleep(wordDelay, undefined, { signal })
    yield { type: 'call', call: { callId: callIdOf(request), name: dateTool, arguments: '{}' } }
    yield { type: 'end', reason: 'tool_calls', usage: usageOf(request, 1) }
    return
  }
  const pieces = piecesOf(
    'This is a simulated answer: no real model was asked. ' +
      (date === undefined ? '' : `The tool ${dateTool} says: ${date}. `) +
      `You said: "${shortened(message)}"`,
  )
  for (const text of pieces) {
    await sleep(wordDelay, undefined, { signal })
    yield { type: 'text', text }
  }
  yield { type: 'end', reason: 'stop', usage: usageOf(request, pieces.length) }
}

async function* instant(request: ModelRequest): AsyncGenerator<ProviderEvent> {
  const text = `Simulated: "${shortened(lastUserText(request.messages))}"`
  yield { type: 'text', text }
  yield { type: 'end', reason: 'stop', usage: usageOf(request, words(text)) }
}

function lastUserText(messages: Message[]): string {
  const message = messages.findLast(({ role }) => role === 'user')
  return message === undefined ? '' : textOf(message)
}

/** The result of `current_date` since the last user message. */
function dateReturnedSince(messages: Message[]): string | undefined {
  const spoke = messages.findLastIndex(({ role }) => role === 'user')
  return messages
    .slice(spoke + 1)
    .flatMap((message) => (message.role === 'tool' ? message.results : []))
    .find(({ name }) => name === dateTool)?.text
}

function asksForDate(text: string): boolean {
  return /\b(?:date|time|today|day)\b/i.test(text)
}

function offersDate(request: ModelRequest): boolean {
  return request.tools.some(({ name }) => name === dateTool)
}

const dateTool = builtinTools.current_date.name

/** The id is the same for a repeat of a step, and different for each step. */
function callIdOf(request: ModelRequest): string {
  return `call_${request.idempotencyKey.replaceAll(/[^\w-]/g, '_').slice(-48)}`
}

function piecesOf(text: string): string[] {
  return text.match(/\S+\s*/g) ?? []
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${cutText(text, 200)}…`
}

function usageOf(request: ModelRequest, outputTokens: number): Usage {
  const counts = request.messages.map((message) => words(textOf(message)))
  const inputTokens = counts.reduce((sum, count) => sum + count, words(request.system))
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
}

function textOf(message: Message): string {
  const pieces = message.role === 'tool' ? message.results : message.parts
  return pieces.map((piece) => ('text' in piece ? piece.text : '')).join(' ')
}

function words(text: string): number {
  return text.match(/\S+/g)?.length ?? 0
}
