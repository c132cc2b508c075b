import {
  InvalidResponseDataError,
  type JSONObject,
  JSONParseError,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
  type SharedV4ProviderMetadata,
  TypeValidationError,
} from '@ai-sdk/provider'
import { generateId, StreamingToolCallTracker } from '@ai-sdk/provider-utils'
import { listOf } from '../reply/objects.ts'
import {
  type ChatCallDelta,
  type ChatChunk,
  type ChatDelta,
  type ChatUsage,
  isChatChunk,
  isErrorFrame,
} from './chat-chunk.ts'

type Part = LanguageModelV4StreamPart
type CallTracker = StreamingToolCallTracker<ChatCallDelta>

/**
 * Turns the chunks of one chat completion into the parts that the library makes of them, without the streams of the
 * library, which cost more than all the rest of a call. Parts that say nothing, such as the start of a text, are left
 * out. `key` is the library's name for data that is sent back to this server.
 */
export function createChatParts(key: string) {
  const parts: Part[] = []
  const add = (part: Part) => void parts.push(part)
  const tracker: CallTracker = new StreamingToolCallTracker(
    { enqueue: add },
    {
      generateId,
      extractMetadata: (delta: ChatCallDelta) => signatureOf(delta, key),
      buildToolCallProviderMetadata: (metadata) => metadata,
    },
  )
  const calls = createNamedCalls(tracker)
  let finish: string | undefined
  let usage: ChatUsage | undefined
  let hasRefusal = false

  function readDelta(delta: ChatDelta): void {
    const reasoning = delta.reasoning_content ?? delta.reasoning ?? ''
    if (reasoning !== '') add(piece('reasoning', reasoning))
    addContent(delta.content)
    const { refusal } = delta
    if (typeof refusal === 'string' && refusal !== '') {
      hasRefusal = true
      add(piece('text', refusal))
    }
    for (const call of delta.tool_calls ?? []) calls.add(call)
  }

  function addContent(content: ChatDelta['content']): void {
    if (typeof content === 'string') {
      if (content !== '') add(piece('text', content))
      return
    }
    for (const part of content ?? []) {
      const { type, text, thinking } = part
      if (type === 'text' && typeof text === 'string' && text !== '') add(piece('text', text))
      if (type !== 'thinking' || !Array.isArray(thinking)) continue
      const thought = listOf(thinking).map(textOf).join('')
      if (thought !== '') add(piece('reasoning', thought))
    }
  }

  function readChunk(chunk: ChatChunk): void {
    usage = chunk.usage ?? usage
    const [choice] = chunk.choices
    finish = choice?.finish_reason ?? finish
    if (choice?.delta != null) readDelta(choice.delta)
  }

  return {
    /** The parts of an event's data. */
    read(data: string): Part[] {
      if (data === '[DONE]') return []
      let value: unknown
      try {
        value = JSON.parse(data)
      } catch (cause) {
        add({ type: 'error', error: new JSONParseError({ text: data, cause }) })
        return parts.splice(0)
      }
      add({ type: 'raw', rawValue: value })
      if (isErrorFrame(value)) add({ type: 'error', error: value.error })
      else if (!isChatChunk(value)) {
        const cause = new Error('it is no chunk of a chat completion')
        add({ type: 'error', error: new TypeValidationError({ value, cause }) })
      } else if ('error' in value) add({ type: 'error', error: value.error })
      else readChunk(value)
      return parts.splice(0)
    },

    /** The parts after the last event. */
    end(): Part[] {
      calls.end()
      tracker.flush()
      if (finish === undefined) {
        const message = 'Response stream ended without a finish reason.'
        add({ type: 'error', error: new InvalidResponseDataError({ data: undefined, message }) })
      } else {
        const finishReason = { unified: reasonOf(finish, hasRefusal), raw: finish }
        add({ type: 'finish', finishReason, usage: usageOf(usage) })
      }
      return parts.splice(0)
    },
  }
}

/** All texts of an answer have one id, and so has all reasoning, as in the library. */
function piece(kind: 'text' | 'reasoning', delta: string): Part {
  return kind === 'text'
    ? { type: 'text-delta', id: 'txt-0', delta }
    : { type: 'reasoning-delta', id: 'reasoning-0', delta }
}

function textOf({ type, text }: Record<string, unknown>): string {
  return type === 'text' && typeof text === 'string' ? text : ''
}

/** Holds a call back until its name has arrived: some servers send it after the id. */
function createNamedCalls(tracker: CallTracker) {
  const unnamed = new Map<number, ChatCallDelta & { index: number }>()
  const named = new Set<number>()
  return {
    add(delta: ChatCallDelta): void {
      const { index, id, extra_content: extra } = delta
      if (index == null || named.has(index)) {
        tracker.processDelta(delta)
        return
      }
      const before = unnamed.get(index)
      const { name, arguments: text } = delta.function
      const call = {
        index,
        id: before?.id ?? id ?? null,
        extra_content: before?.extra_content ?? extra ?? null,
        function: { arguments: (before?.function.arguments ?? '') + (text ?? '') },
      }
      if (name == null) {
        unnamed.set(index, call)
        return
      }
      tracker.processDelta({ ...call, function: { name, ...call.function } })
      unnamed.delete(index)
      named.add(index)
    },

    end(): void {
      for (const { index, id, function: called } of unnamed.values())
        tracker.processDelta({ index, id: id ?? null, function: called })
    },
  }
}

function signatureOf(
  { extra_content: extra }: ChatCallDelta,
  key: string,
): SharedV4ProviderMetadata | undefined {
  const signature = extra?.google?.thought_signature ?? ''
  return signature === '' ? undefined : { [key]: { thoughtSignature: signature } }
}

function reasonOf(finish: string, hasRefusal: boolean): LanguageModelV4FinishReason['unified'] {
  switch (finish) {
    case 'stop':
      return hasRefusal ? 'content-filter' : 'stop'
    case 'length':
      return 'length'
    case 'content_filter':
      return 'content-filter'
    case 'function_call':
    case 'tool_calls':
      return 'tool-calls'
    default:
      return 'other'
  }
}

function usageOf(usage: ChatUsage | undefined): LanguageModelV4Usage {
  const unknown = { noCache: undefined, cacheRead: undefined, cacheWrite: undefined }
  return {
    inputTokens: { total: usage && (usage.prompt_tokens ?? 0), ...unknown },
    outputTokens: {
      total: usage && (usage.completion_tokens ?? 0),
      text: undefined,
      reasoning: undefined,
    },
    // It was JSON when it arrived.
    ...(usage && { raw: usage as JSONObject }),
  }
}
