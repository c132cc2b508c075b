import { limits } from '@longhaul/core'
import { z } from 'zod'
import {
  ApplyPatchCall,
  ApplyPatchOutput,
  readApplyPatchCall,
  readApplyPatchOutput,
} from './forms/apply-patch.ts'
import { CustomCall, readCustomCall } from './forms/custom.ts'
import { FunctionCall, readFunctionCall } from './forms/function.ts'
import {
  LocalShellCall,
  LocalShellOutput,
  readLocalShellCall,
  readLocalShellOutput,
} from './forms/local-shell.ts'
import { readShellCall, readShellOutput, ShellCall, ShellOutput } from './forms/shell.ts'
import { itemFields, itemId } from './forms/tool-fields.ts'
import { readToolSearch, ToolSearchCall } from './forms/tool-search.ts'
import { offerTools } from './offered-tools.ts'
import { Tool } from './tool.ts'

const toolList = z.array(Tool).max(limits.agentTools)

/** Tools that a client adds in the middle of a conversation. */
const AdditionalTools = z.object({
  type: z.literal('additional_tools'),
  role: z.string().max(64).optional(),
  tools: toolList,
  ...itemFields,
})

/** The tools that a search has found. */
const ToolSearchOutput = z.object({
  type: z.literal('tool_search_output'),
  call_id: itemId.optional(),
  execution: z.enum(['server', 'client']).optional(),
  tools: toolList,
  ...itemFields,
})

/** The items of an input that belong to tools of the client, except outputs whose content is a text or a list. */
export const clientItems = [
  FunctionCall,
  CustomCall,
  ShellCall,
  ShellOutput,
  LocalShellCall,
  LocalShellOutput,
  ApplyPatchCall,
  ApplyPatchOutput,
  ToolSearchCall,
  ToolSearchOutput,
  AdditionalTools,
] as const
export type ClientItem = z.output<(typeof clientItems)[number]>

export function isClientItem<Item extends { type?: string | null | undefined }>(
  item: Item,
): item is Item & ClientItem {
  return clientItemTypes.has(item.type)
}

const clientItemTypes = new Set<unknown>(clientItems.map(({ shape }) => shape.type.value))

/** The call or the result of an item, as the history has it. */
export type ReadItem =
  | { call: { callId: string; name: string; arguments: string } }
  | { result: { callId: string; result: unknown } }

/** Returns undefined for an item that is neither a call nor a result. */
export function readItem(item: ClientItem): ReadItem | undefined {
  switch (item.type) {
    case 'function_call':
      return { call: readFunctionCall(item) }
    case 'custom_tool_call':
      return { call: readCustomCall(item) }
    case 'shell_call':
      return { call: readShellCall(item) }
    case 'shell_call_output':
      return { result: readShellOutput(item) }
    case 'local_shell_call':
      return { call: readLocalShellCall(item) }
    case 'local_shell_call_output':
      return { result: readLocalShellOutput(item) }
    case 'apply_patch_call':
      return { call: readApplyPatchCall(item) }
    case 'apply_patch_call_output':
      return { result: readApplyPatchOutput(item) }
    case 'tool_search_call': {
      const call = readToolSearch(item)
      return call && { call }
    }
    case 'tool_search_output': {
      const { call_id: callId, execution, tools: found } = item
      if (execution !== 'client' || callId === undefined) return undefined
      return { result: { callId, result: foundIn(found) } }
    }
    case 'additional_tools':
      return undefined
  }
}

/** The model reads what was found. The definitions are among its tools. */
function foundIn(tools: Tool[]): { name: string; description: string }[] {
  const { offered } = offerTools({ path: '', tools }, [])
  return offered.map(({ function: { name, description } }) => ({ name, description }))
}
