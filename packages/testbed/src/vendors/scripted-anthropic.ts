import type { ScriptedBlock, ScriptedUsage } from './scripted-reply.ts'
import { listOf, textOf } from './scripted-wire.ts'
import type { PriorMessage, Wire } from './scripted-wire.ts'

/** The wire format of Anthropic's Messages API. */
export const anthropicWire: Wire = {
  serves: (path) => path === '/v1/messages',
  conversation: (body) => [
    { role: 'other', text: textOf(body['system']) },
    ...listOf(body['messages']).map(toSaid),
  ],
  // This vendor always reports usage.
  opening: (usage = { input: 0, output: 0 }) =>
    frame('message_start', {
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'scripted',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...inputUsage(usage), output_tokens: 1 },
      },
    }) + frame('ping'),
  *block(block, index) {
    if (block.kind === 'refusal' || block.kind === 'details') return
    yield frame('content_block_start', { index, content_block: head(block) })
    for (const delta of deltasOf(block)) yield frame('content_block_delta', { index, delta })
    yield frame('content_block_stop', { index })
  },
  ending: ({ finish, usage = { input: 0, output: 0 } }) => [
    frame('message_delta', {
      delta: { stop_reason: reasons[finish] ?? finish, stop_sequence: null },
      usage: { output_tokens: usage.output, ...outputDetails(usage) },
    }),
    frame('message_stop'),
  ],
  error: (body = { type: 'error', error: { type: 'api_error', message: 'it broke' } }) =>
    `event: error\ndata: ${JSON.stringify(body)}\n\n`,
  broken: 'event: content_block_delta\ndata: {"type":"content_block_delta",\n\n',
  get empty() {
    return frame('message_stop')
  },
}

const reasons: Record<string, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
}

function toSaid({ role, content }: Record<string, unknown>): PriorMessage {
  const isResults = listOf(content).every(({ type }) => type === 'tool_result')
  if (role === 'user' && typeof content !== 'string' && isResults)
    return { role: 'other', text: '' }
  return { role: role === 'assistant' ? 'assistant' : 'user', text: textOf(content) }
}

type KnownBlock = Exclude<ScriptedBlock, { kind: 'refusal' | 'details' }>

function head(block: KnownBlock): Record<string, unknown> {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: '' }
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' }
    case 'redacted':
      return { type: 'redacted_thinking', data: block.data }
    case 'call':
      return { type: 'tool_use', id: block.id ?? '', name: block.name, input: {} }
  }
}

function* deltasOf(block: KnownBlock): Generator<Record<string, unknown>> {
  switch (block.kind) {
    case 'text':
      for (const text of block.pieces) yield { type: 'text_delta', text }
      for (const citation of block.sources ?? []) yield { type: 'citations_delta', citation }
      return
    case 'reasoning': {
      for (const thinking of block.pieces) yield { type: 'thinking_delta', thinking }
      const { signature } = block
      if (signature !== undefined) yield { type: 'signature_delta', signature }
      return
    }
    case 'call':
      for (const partial of block.fragments) {
        yield { type: 'input_json_delta', partial_json: partial }
      }
      return
    case 'redacted':
  }
}

function frame(type: string, body: Record<string, unknown> = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`
}

/** Tokens read from the cache or written to it are counted separately. */
function inputUsage({ input, cached, cacheCreation }: ScriptedUsage): Record<string, unknown> {
  return {
    input_tokens: input - (cached ?? 0) - (cacheCreation ?? 0),
    ...(cached === undefined ? {} : { cache_read_input_tokens: cached }),
    ...(cacheCreation === undefined ? {} : { cache_creation_input_tokens: cacheCreation }),
  }
}

function outputDetails({ reasoning }: ScriptedUsage): Record<string, unknown> {
  return reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }
}
