import {
  type McpFile,
  type McpResult,
  type McpTool,
  parseExact,
  shapeProblemOfResult,
} from '@longhaul/core'
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import { isDeepStrictEqual } from 'node:util'

export function toolOf({ name, title, description, inputSchema, annotations }: Tool): McpTool {
  return {
    name,
    ...(title !== undefined && { title }),
    description: description ?? '',
    inputSchema,
    ...(annotations && {
      annotations: {
        ...(annotations.readOnlyHint !== undefined && { readOnly: annotations.readOnlyHint }),
        ...(annotations.destructiveHint !== undefined && {
          destructive: annotations.destructiveHint,
        }),
        ...(annotations.idempotentHint !== undefined && { idempotent: annotations.idempotentHint }),
        ...(annotations.openWorldHint !== undefined && { openWorld: annotations.openWorldHint }),
      },
    }),
  }
}

/** The error that the tool itself returned. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

/** The result for the model. Throws a ToolError when the tool returned an error. */
export function resultOf({ content, structuredContent, isError }: CallToolResult): McpResult {
  const text = content.map(asText).join('\n')
  if (isError === true) throw new ToolError(text === '' ? 'the tool failed' : text)
  return { result: valueOf(text, structuredContent), files: content.flatMap(asFile) }
}

/** The structure, or else the text. */
function valueOf(text: string, structuredContent: CallToolResult['structuredContent']): unknown {
  // The values within a string of the reply were not counted.
  const problem = shapeProblemOfResult(text)
  if (problem !== undefined) {
    throw new ToolError(`the result ${problem}, and no more are read: ask for less at a time`)
  }
  // The library has parsed the structure. When the text is the same structure, it still has the server's exact digits.
  const isStructure = (value: unknown) =>
    structuredContent === undefined || isDeepStrictEqual(value, structuredContent)
  try {
    if (isStructure(JSON.parse(text))) return parseExact(text)
  } catch {
    // The text is not JSON.
  }
  return structuredContent ?? text
}

type Part = CallToolResult['content'][number]

/** A part as the model reads it. A file also has its place in the text. */
function asText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
    case 'audio':
      return `(${part.type} of the type ${part.mimeType})`
    case 'resource_link':
      return `(${part.name}: ${part.uri})`
    case 'resource':
      return 'text' in part.resource ? part.resource.text : `(file ${part.resource.uri})`
  }
}

function asFile(part: Part): McpFile[] {
  if (part.type === 'image' || part.type === 'audio') {
    return [{ mimeType: part.mimeType, bytes: part.data }]
  }
  if (part.type !== 'resource' || 'text' in part.resource) return []
  const { blob, mimeType = '' } = part.resource
  return [{ mimeType, bytes: blob }]
}
