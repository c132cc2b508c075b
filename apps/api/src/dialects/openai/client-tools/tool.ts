import { z } from 'zod'
import { ApplyPatchTool } from './forms/apply-patch.ts'
import { CustomTool } from './forms/custom.ts'
import { FunctionTool } from './forms/function.ts'
import { otherTool } from './forms/other.ts'
import { LocalShellTool } from './forms/local-shell.ts'
import { NamespaceTool } from './forms/namespace.ts'
import { ShellTool } from './forms/shell.ts'
import { ToolSearchTool } from './forms/tool-search.ts'

/** A tool of a request. */
export const Tool = z.union([
  z.discriminatedUnion('type', [
    FunctionTool,
    CustomTool,
    NamespaceTool,
    ShellTool,
    LocalShellTool,
    ApplyPatchTool,
    ToolSearchTool,
  ]),
  otherTool([
    'function',
    'custom',
    'namespace',
    'shell',
    'local_shell',
    'apply_patch',
    'tool_search',
  ]),
])
export type Tool = z.output<typeof Tool>
