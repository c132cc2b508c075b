import { setTimeout as sleep } from 'node:timers/promises'
import { cutText, ModelError } from '@longhaul/core'
import type { HistoryResult, Message, ModelRequest, Usage } from '@longhaul/core'
import { chooseTool } from './demo/choose-tool.ts'
import { exampleValue } from './demo/example-value.ts'
import { findArguments } from './demo/find-arguments.ts'
import type { Provider, ProviderEvent } from './provider.ts'

const wordDelay = 30

/**
 * Simulated models, whose answers say that they are simulated. `demo/simulated` answers word by word, after at most
 * one tool call. `demo/instant` answers at once, for benches.
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
          { retryable: false, unsent: true },
        )
    }
  },
}

async function* simulated(
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const message = lastUserText(request.messages)
  const result = resultSince(request.messages)
  const tool = result === undefined ? chooseTool(message, request) : undefined
  if (tool !== undefined) {
    await sleep(wordDelay, undefined, { signal })
    const { name, parameters } = tool
    const given = findArguments(message, name) ?? findArguments(request.system, name)
    const callArguments = given ?? JSON.stringify(exampleValue({ type: 'object', ...parameters }))
    yield { type: 'call', call: { callId: callIdOf(request), name, arguments: callArguments } }
    yield { type: 'end', reason: 'tool_calls', usage: usageOf(request, 1) }
    return
  }
  const pieces = piecesOf(
    'This is a simulated answer: no real model was asked. ' +
      (result === undefined ? '' : `The tool ${result.name} says: ${shortened(result.text)}. `) +
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
  yield { type: 'end', reason: 'stop', usage: usageOf(request, tokens(text), tokens) }
}

function lastUserText(messages: Message[]): string {
  const message = messages.findLast(({ role }) => role === 'user')
  return message === undefined ? '' : textOf(message)
}

/** The latest result since the last user message. */
function resultSince(messages: Message[]): HistoryResult | undefined {
  const spoke = messages.findLastIndex(({ role }) => role === 'user')
  return messages
    .slice(spoke + 1)
    .flatMap((message) => (message.role === 'tool' ? message.results : []))
    .at(-1)
}

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

function usageOf(request: ModelRequest, outputTokens: number, count = words): Usage {
  const counts = request.messages.map((message) => count(textOf(message)))
  const inputTokens = counts.reduce((sum, each) => sum + each, count(request.system))
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
}

function textOf(message: Message): string {
  const pieces = message.role === 'tool' ? message.results : message.parts
  return pieces.map((piece) => ('text' in piece ? piece.text : '')).join(' ')
}

function words(text: string): number {
  return piecesOf(text).length
}

/** An estimate that costs nothing, since benches ask the instant model. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}
