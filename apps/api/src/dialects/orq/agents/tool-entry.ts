import type { ToolEntry } from '@longhaul/tasks'
import { z } from 'zod'
import { limits } from '@longhaul/core'
import { line, map, text } from '../../shared/request-fields.ts'
import { McpBlock, toInlineServer } from '../mcp/mcp-server-request.ts'
import {
  CodeBlock,
  codeTimeout,
  definitionOf,
  FunctionBlock,
  HttpBlock,
  httpTimeout,
  JsonSchemaBlock,
  onCrash,
  toolKey,
} from '../tools/tool-request.ts'

/** A tool as an agent's manifest names or defines it. */
export const Tool = z
  .object({
    type: z
      .string()
      .min(1)
      .max(limits.fields.toolType)
      .meta({
        description: 'The type of the tool. A type that is not supported yet is refused.',
        examples: ['current_date', 'function'],
      }),
    key: line.optional(),
    id: line.optional().meta({ description: 'The id of a stored tool.' }),
    requires_approval: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether calls of the tool wait for a review.' }),
    configuration: map.optional(),
    display_name: z.string().max(limits.fields.displayName).optional(),
    description: text.optional(),
    timeout: httpTimeout.optional(),
    /** An inline definition, which is stored under the key. */
    function: FunctionBlock.optional(),
    http: HttpBlock.optional(),
    code_tool: CodeBlock.optional(),
    json_schema: JsonSchemaBlock.optional(),
    mcp: McpBlock.optional(),
    tool_id: line.min(1).max(limits.fields.name).optional().meta({
      description:
        'Only for an MCP server: the name of the one tool to use. By default the agent uses all tools of the server.',
    }),
    on_crash: onCrash.optional(),
  })
  .superRefine((entry, context) => {
    const { type, key, timeout, mcp } = entry
    const isDefined = definedIn(entry) !== undefined || mcp !== undefined
    refuse('key', isDefined ? toolKey.safeParse(key).error : undefined)
    refuse('timeout', type === 'code' ? codeTimeout.optional().safeParse(timeout).error : undefined)

    function refuse(field: string, error: z.ZodError | undefined) {
      const [issue] = error?.issues ?? []
      if (issue === undefined) return
      context.addIssue({ code: 'custom', path: [field], message: issue.message })
    }
  })
  .meta({
    dependentRequired: Object.fromEntries(
      ['function', 'http', 'code_tool', 'json_schema', 'mcp'].map((block) => [block, ['key']]),
    ),
  })

export function toEntry(entry: z.output<typeof Tool>): ToolEntry {
  const { type, id, requires_approval: requiresApproval, configuration } = entry
  const { display_name: displayName, description } = entry
  const definition = definedIn(entry)
  return {
    type,
    key: entry.key,
    id,
    requiresApproval,
    configuration,
    timeoutSeconds: entry.timeout,
    ...(type === 'mcp' && { tool: entry.tool_id, onCrash: entry.on_crash }),
    ...(type === 'mcp' &&
      entry.mcp && {
        server: toInlineServer(entry.mcp, {
          displayName: displayName ?? entry.key ?? '',
          description,
        }),
      }),
    definition: definition && {
      displayName,
      description: description ?? entry.function?.description ?? '',
      definition,
    },
  }
}

/** The inline definition of an entry, if there is one. */
function definedIn(entry: {
  type: string
  function?: z.output<typeof FunctionBlock> | undefined
  http?: z.output<typeof HttpBlock> | undefined
  code_tool?: z.output<typeof CodeBlock> | undefined
  json_schema?: z.output<typeof JsonSchemaBlock> | undefined
  on_crash?: z.output<typeof onCrash> | undefined
}) {
  const { type } = entry
  switch (type) {
    case 'function':
    case 'http':
    case 'code':
    case 'json_schema':
      return definitionOf({ ...entry, type })
    default:
      return undefined
  }
}
