import type { ScriptedUsage } from './scripted-reply.ts'
import { listOf, textOf, withLast } from './scripted-wire.ts'
import type { PriorMessage, Wire } from './scripted-wire.ts'

/** The wire format of Google's Gemini API. */
export const googleWire: Wire = {
  serves: (path) => /^\/v1beta\/.+:streamGenerateContent$/.test(path),
  conversation: (body) => [
    { role: 'other', text: textOf(parts(body['systemInstruction'])) },
    ...listOf(body['contents']).map(toSaid),
  ],
  opening: () => '',
  *block(block) {
    if (block.kind === 'redacted' || block.kind === 'refusal' || block.kind === 'details') return
    if (block.kind === 'call') {
      const { id, name, arguments: args, signature } = block
      const call = { ...(id === undefined ? {} : { id }), name, args }
      yield delta({ functionCall: call, ...signed(signature) })
      return
    }
    const thought = block.kind === 'reasoning' ? { thought: true } : {}
    for (const { item: text, last } of withLast(block.pieces)) {
      yield delta({ text, ...thought, ...(last ? signed(block.signature) : {}) })
    }
    for (const groundingMetadata of block.sources ?? []) {
      yield frame({ candidates: [{ index: 0, groundingMetadata }] })
    }
  },
  ending: ({ finish, usage }) => [
    frame({
      candidates: [
        {
          content: { role: 'model', parts: [] },
          finishReason: reasons[finish] ?? finish,
          index: 0,
        },
      ],
      ...(usage === undefined ? {} : { usageMetadata: toUsage(usage) }),
    }),
  ],
  error: (body = { error: { code: 500, message: 'it broke', status: 'INTERNAL' } }) => frame(body),
  broken: 'data: {"candidates":[{"content":\r\n\r\n',
  get empty() {
    return frame({ candidates: [] })
  },
}

const reasons: Record<string, string> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY',
}

function toSaid(content: Record<string, unknown>): PriorMessage {
  const texts = listOf(parts(content))
  const isResults = texts.every((part) => 'functionResponse' in part)
  if (content['role'] === 'user' && isResults) return { role: 'other', text: '' }
  return { role: content['role'] === 'model' ? 'assistant' : 'user', text: textOf(texts) }
}

function parts(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'parts' in content ? content.parts : []
}

function signed(signature: string | undefined): Record<string, unknown> {
  return signature === undefined ? {} : { thoughtSignature: signature }
}

function delta(part: Record<string, unknown>): string {
  return frame({ candidates: [{ content: { role: 'model', parts: [part] }, index: 0 }] })
}

function frame(body: unknown): string {
  return `data: ${JSON.stringify(body)}\r\n\r\n`
}

/** The tokens of thoughts are counted separately from those of the answer. */
function toUsage({ input, output, cached, reasoning }: ScriptedUsage): Record<string, unknown> {
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - (reasoning ?? 0),
    totalTokenCount: input + output,
    ...(cached === undefined ? {} : { cachedContentTokenCount: cached }),
    ...(reasoning === undefined ? {} : { thoughtsTokenCount: reasoning }),
  }
}
