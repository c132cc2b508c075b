import { problemOf } from './check-messages.ts'
import type { ScriptedBlock, ScriptedUsage } from './scripted-reply.ts'
import { listOf, textOf } from './scripted-wire.ts'
import type { Wire } from './scripted-wire.ts'

/** The wire format of OpenAI's chat completions. */
export const openaiWire: Wire = {
  serves: (path) => path === '/v1/chat/completions',
  conversation: (body) =>
    listOf(body['messages']).map(({ role, content }) => ({
      role: role === 'user' || role === 'assistant' ? role : 'other',
      text: textOf(content),
    })),
  problem: (body) => problemOf(listOf(body['messages'])),
  opening: () => '',
  *block(block) {
    if (block.kind === 'redacted') return
    if (block.kind === 'details') {
      for (const list of block.lists) yield delta({ reasoning_details: list })
      return
    }
    if (block.kind !== 'call') {
      for (const text of block.pieces) yield delta({ [fieldOf(block)]: text })
      if (block.kind === 'text' && block.sources) yield delta({ annotations: block.sources })
      return
    }
    const { index, id, name, fragments, signature } = block
    const head = {
      index,
      ...(id === undefined ? {} : { id }),
      type: 'function',
      function: { name, arguments: '' },
      ...(signature === undefined
        ? {}
        : { extra_content: { google: { thought_signature: signature } } }),
    }
    yield delta({ tool_calls: [head] })
    for (const more of fragments) {
      yield delta({ tool_calls: [{ index, function: { arguments: more } }] })
    }
  },
  ending({ finish, usage, body }) {
    const wanted = body['stream_options'] as { include_usage?: boolean } | undefined
    return [
      frame({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
      ...(usage === undefined || wanted?.include_usage !== true
        ? []
        : [frame({ choices: [], usage: toUsage(usage) })]),
      done,
    ]
  },
  error: (body = { error: { message: 'it broke' } }) => `data: ${JSON.stringify(body)}\n\n`,
  broken: 'data: {"choices":[{"delta":\n\ndata: [DONE]\n\n',
  get empty() {
    return frame({ choices: [] }) + done
  },
}

function fieldOf(block: ScriptedBlock & { kind: 'reasoning' | 'text' | 'refusal' }): string {
  if (block.kind === 'reasoning') return block.field ?? 'reasoning_content'
  return block.kind === 'text' ? 'content' : 'refusal'
}

const done = 'data: [DONE]\n\n'

function delta(content: Record<string, unknown>): string {
  return frame({ choices: [{ index: 0, delta: content, finish_reason: null }] })
}

function frame(body: Record<string, unknown>): string {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted' }
  return `data: ${JSON.stringify({ ...head, ...body })}\n\n`
}

function toUsage({ input, output, cached, reasoning }: ScriptedUsage): Record<string, unknown> {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  }
}
