import { ApplyPatchCallItem } from './forms/apply-patch.ts'
import { CustomCallItem } from './forms/custom.ts'
import { FunctionCallItem } from './forms/function.ts'
import { LocalShellCallItem } from './forms/local-shell.ts'
import { ShellCallItem } from './forms/shell.ts'
import { ToolSearchCallItem } from './forms/tool-search.ts'

/** The items of a reply that are calls of tools which the client runs. */
export const clientCallItems = [
  FunctionCallItem,
  CustomCallItem,
  ShellCallItem,
  LocalShellCallItem,
  ApplyPatchCallItem,
  ToolSearchCallItem,
] as const
