import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider'
import type { HistoryCall, HistoryResult, Message, ReplyPart, UserPart } from '@longhaul/core'

/**
 * A conversation as the library takes it. Reasoning is left out: compatible servers do not expect
 * it back, and some refuse it.
 */
export function toPrompt(system: string, messages: Message[]): LanguageModelV4Prompt {
  const prompt = messages.map(toLibraryMessage)
  return system === '' ? prompt : [{ role: 'system', content: system }, ...prompt]
}

function toLibraryMessage(message: Message): LanguageModelV4Message {
  if (message.role === 'user') {
    return { role: 'user', content: message.parts.map(toUserContent) }
  }
  if (message.role === 'assistant') {
    return {
      role: 'assistant',
      content: [...message.parts.flatMap(toText), ...message.calls.map(toCall)],
    }
  }
  return { role: 'tool', content: message.results.map(toResult) }
}

function toUserContent(part: UserPart): LanguageModelV4TextPart | LanguageModelV4FilePart {
  if (part.kind === 'text') return { type: 'text', text: part.text }
  const { mimeType: mediaType, data, name } = part
  return {
    type: 'file',
    mediaType,
    data: { type: 'data', data },
    ...(name === undefined ? {} : { filename: name }),
  }
}

function toText({ kind, text }: ReplyPart): LanguageModelV4TextPart[] {
  return kind === 'text' ? [{ type: 'text', text }] : []
}

function toCall(call: HistoryCall): LanguageModelV4ToolCallPart {
  const { callId: toolCallId, name: toolName, arguments: input } = call
  return { type: 'tool-call', toolCallId, toolName, input }
}

function toResult({ callId, name, text, failed }: HistoryResult): LanguageModelV4ToolResultPart {
  return {
    type: 'tool-result',
    toolCallId: callId,
    toolName: name,
    output: { type: failed ? 'error-text' : 'text', value: text },
  }
}
