import { limits } from '@longhaul/core'
import type { PlanChanges } from '@longhaul/tasks'
import { type OfferedTool, offerTools, type ToolList } from './offered-tools.ts'
import { type RecordedTool, recordTools } from './recorded-tools.ts'
import { type ReadChoice, readToolChoice, type ToolChoice } from './tool-choice.ts'
import type { FormName } from './table.ts'
import type { Tool } from './tool.ts'

type Request = {
  tools?: Tool[] | undefined
  tool_choice?: ToolChoice | undefined
  input: string | { type?: string | null | undefined }[]
}

/** What the tools of a request mean for its turn. */
export type RequestTools = {
  changes: Pick<PlanChanges, 'tools' | 'toolsLeftOut' | 'allowed'>
  choice: ReadChoice['choice']
  /** The paths of tools that are left out. */
  ignored: string[]
  recorded: RecordedTool[]
}

/** Throws invalid if the choice forces a tool that the server would have to run. */
export function readTools({ tools, tool_choice: toolChoice, input }: Request): RequestTools {
  const { offered, ignored } = offerTools({ path: 'tools', tools: tools ?? [] }, addedTools(input))
  const { choice, allowed, ignored: notAllowed } = readToolChoice(toolChoice, offered)
  return {
    changes: {
      ...((tools !== undefined || offered.length > 0) && { tools: offered.map(toChange) }),
      ...(ignored.length > 0 && { toolsLeftOut: true }),
      ...(allowed !== undefined && { allowed }),
    },
    choice,
    ignored: [...ignored, ...notAllowed].slice(0, limits.ignoredTools),
    recorded: recordTools(offered),
  }
}

/** The tools that items of the input add to the conversation. */
function addedTools(input: Request['input']): ToolList[] {
  if (typeof input === 'string') return []
  return input.flatMap((item, at) =>
    addsTools(item) ? { path: `input[${at}].tools`, tools: item.tools } : [],
  )
}

function addsTools(item: {
  type?: string | null | undefined
}): item is { type: string; tools: Tool[] } {
  return item.type === 'additional_tools' || item.type === 'tool_search_output'
}

function toChange({ type, path, function: described }: OfferedTool) {
  return { ...described, path, ...(isFree.has(type) && { unchecked: true as const }) }
}

/** Calls that have a form for any arguments. The arguments of other calls must match, and the model corrects them. */
const isFree = new Set<FormName>(['function', 'custom'])
