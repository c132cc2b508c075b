import type {
  JSONObject,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider'
import { ModelError } from '@longhaul/core'
import type {
  HistoryCall,
  HistoryResult,
  Message,
  ModelRequest,
  ReplyPart,
  UserFile,
  UserPart,
  VendorData,
} from '@longhaul/core'
import type { ReturnedReasoning } from './returned-reasoning.ts'

/**
 * A conversation in the library's format. Reasoning is sent back only to the vendor that signed it, which `key` names:
 * other vendors do not expect it, and some refuse it. `returned` are fields with the reasoning, for a server that gets it
 * in this way alone.
 */
export function toPrompt(
  { system, messages }: Pick<ModelRequest, 'system' | 'messages'>,
  key: string,
  returned?: ReturnedReasoning,
): LanguageModelV4Prompt {
  const prompt = messages
    .map((message) => withReasoning(toLibraryMessage(message, key), message, returned))
    .filter(({ content }) => content.length > 0)
  return system === '' ? prompt : [{ role: 'system', content: system }, ...prompt]
}

function toLibraryMessage(message: Message, key: string): LanguageModelV4Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.parts.map(toUserContent) }
    case 'assistant': {
      const parts = message.parts.flatMap((part) => toContent(part, key))
      return { role: 'assistant', content: [...parts, ...message.calls.map((c) => toCall(c, key))] }
    }
    case 'tool':
      return { role: 'tool', content: message.results.map(toResult) }
  }
}

function withReasoning(
  converted: LanguageModelV4Message,
  message: Message,
  returned: ReturnedReasoning | undefined,
): LanguageModelV4Message {
  if (converted.role !== 'assistant' || returned === undefined) return converted
  const content = converted.content.filter(({ type }) => type !== 'reasoning')
  const fields = returned.get(message)
  // The library adds the options under this name to the message on the wire.
  const providerOptions = fields && { openaiCompatible: fields }
  return { ...converted, content, ...(providerOptions && { providerOptions }) }
}

function toUserContent(part: UserPart): LanguageModelV4TextPart | LanguageModelV4FilePart {
  return part.kind === 'text' ? { type: 'text', text: part.text } : toFile(part)
}

function toFile(part: UserFile): LanguageModelV4FilePart {
  const { mimeType: mediaType, data, name } = part
  if (mediaType === '') {
    throw new ModelError(`the file ${name ?? ''} has no MIME type`, {
      retryable: false,
      unsent: true,
    })
  }
  return {
    type: 'file',
    mediaType,
    data: { type: 'data', data },
    ...(name === undefined ? {} : { filename: name }),
  }
}

function toContent(
  { kind, text, vendor }: ReplyPart,
  key: string,
): (LanguageModelV4TextPart | LanguageModelV4ReasoningPart)[] {
  const own = ownData(vendor, key)
  // Blank text and reasoning have a meaning only for the vendor that signed them.
  if (own === undefined && (kind === 'reasoning' || text.trim() === '')) return []
  return [{ type: kind, text, ...own }]
}

function toCall(call: HistoryCall, key: string): LanguageModelV4ToolCallPart {
  const { callId: toolCallId, name: toolName, arguments: input, vendor } = call
  return { type: 'tool-call', toolCallId, toolName, input, ...ownData(vendor, key) }
}

function ownData(
  vendor: VendorData | undefined,
  key: string,
): { providerOptions: Record<string, JSONObject> } | undefined {
  const data = vendor?.[key]
  // The data was JSON when it arrived, and is stored unchanged.
  return data === undefined ? undefined : { providerOptions: { [key]: data as JSONObject } }
}

function toResult(result: HistoryResult): LanguageModelV4ToolResultPart {
  const { callId: toolCallId, name: toolName } = result
  return { type: 'tool-result', toolCallId, toolName, output: toOutput(result) }
}

function toOutput({ text, failed, files }: HistoryResult): LanguageModelV4ToolResultPart['output'] {
  if (files === undefined) return { type: failed ? 'error-text' : 'text', value: text }
  return { type: 'content', value: [{ type: 'text', text }, ...files.map(toFile)] }
}
