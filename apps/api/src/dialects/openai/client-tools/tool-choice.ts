import { cutText, invalid, limits, LonghaulError } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../shared/request-fields.ts'
import { modelName } from './model-name.ts'
import type { OfferedTool } from './offered-tools.ts'

const name = line.min(1).max(limits.fields.name)
const namespace = line.max(limits.fields.name).optional()
const mode = z.enum(['none', 'auto', 'required'])

const named = z.object({ type: z.enum(['function', 'custom']), name, namespace })
const clientTypes = ['shell', 'local_shell', 'apply_patch', 'tool_search'] as const
const client = z.object({ type: z.enum(clientTypes) })
const hosted = z
  .object({
    type: z.enum([
      'web_search',
      'web_search_2025_08_26',
      'web_search_preview',
      'web_search_preview_2025_03_11',
      'file_search',
      'computer',
      'computer_use',
      'computer_use_preview',
      'code_interpreter',
      'image_generation',
      'mcp',
      'programmatic_tool_calling',
    ]),
  })
  .meta({ description: 'Refused: the server runs no such tools.' })

/** A tool that the model may call. */
const Allowed = z.object({
  type: line.max(64).default('function'),
  name: name.optional().meta({ description: 'Required for tools that have names.' }),
  namespace,
})

export const ToolChoice = z.union([
  mode,
  z.discriminatedUnion('type', [
    named,
    client,
    hosted,
    z.object({
      type: z.literal('allowed_tools'),
      mode: mode.default('auto'),
      tools: z.array(Allowed).min(1).max(limits.agentTools),
    }),
  ]),
])
export type ToolChoice = z.output<typeof ToolChoice>

/** What a choice means for the model: whether it calls a tool, or which one; the tools that it is offered. */
export type ReadChoice = {
  choice?: z.output<typeof mode> | { function: { name: string } }
  allowed?: string[]
  /** The paths of allowed tools that the server would have to run. */
  ignored: string[]
}

/** Throws invalid if the choice forces a tool that the server would have to run. */
export function readToolChoice(
  toolChoice: ToolChoice | undefined,
  offered: OfferedTool[],
): ReadChoice {
  if (toolChoice === undefined) return { ignored: [] }
  if (typeof toolChoice === 'string') return { choice: toolChoice, ignored: [] }
  if (toolChoice.type === 'allowed_tools') return readAllowed(toolChoice, offered)
  if ('name' in toolChoice) {
    return { choice: forced(functionNameOf(toolChoice, offered)), ignored: [] }
  }
  const type = clientTypes.find((each) => each === toolChoice.type)
  if (type === undefined) throw forcesHosted('tool_choice.type', toolChoice.type)
  return { choice: forced(type), ignored: [] }
}

function forced(functionName: string) {
  return { function: { name: functionName } }
}

function readAllowed(
  { mode: choice, tools }: Extract<ToolChoice, { type: 'allowed_tools' }>,
  offered: OfferedTool[],
): ReadChoice {
  const allowed: string[] = []
  const ignored: string[] = []
  for (const [at, tool] of tools.entries()) {
    const path = `tool_choice.tools[${at}]`
    const names = functionNamesOf(tool, { offered, path })
    if (names === undefined) ignored.push(path)
    else allowed.push(...names)
  }
  if (choice === 'required' && allowed.length === 0) {
    throw forcesHosted('tool_choice.tools', tools.map(({ type }) => type).join(', '))
  }
  return { choice, allowed, ignored }
}

/** The functions of an allowed tool; undefined for a tool that the server would have to run. */
function functionNamesOf(
  { type, name: toolName, namespace: toolNamespace }: z.output<typeof Allowed>,
  { offered, path }: { offered: OfferedTool[]; path: string },
): string[] | undefined {
  if (type !== 'function' && type !== 'custom' && type !== 'namespace') {
    return offered.some((tool) => tool.type === type) ? [type] : undefined
  }
  if (toolName === undefined) throw invalid(`${path}.name`, 'is required')
  if (type !== 'namespace') {
    return [functionNameOf({ name: toolName, namespace: toolNamespace }, offered)]
  }
  const inside = offered.filter((tool) => tool.namespace === toolName)
  return inside.map(({ function: { name: functionName } }) => functionName)
}

/** The name of a tool for the model. Clients name a tool of a namespace alone, with a `.`, or apart from it. */
function functionNameOf(
  { name: toolName, namespace: toolNamespace }: { name: string; namespace?: string | undefined },
  offered: OfferedTool[],
): string {
  if (toolNamespace !== undefined) return modelName(toolName, toolNamespace)
  const isOffered = offered.some((tool) => tool.function.name === toolName)
  const inside = offered.find(
    (tool) => tool.name === toolName || `${tool.namespace}.${tool.name}` === toolName,
  )
  return isOffered || inside === undefined ? toolName : inside.function.name
}

function forcesHosted(path: string, type: string): LonghaulError {
  const message = `forces ${cutText(type, 100)}, which this server does not run: offer a function, or give the agent a tool`
  return new LonghaulError('invalid', `${path}: ${message}`, {
    reason: 'unsupported_parameter',
    fields: [{ path, message }],
  })
}
