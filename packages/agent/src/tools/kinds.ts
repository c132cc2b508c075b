import type { ServerTool } from '@longhaul/core'
import { currentDate } from './current-date.ts'
import type { ToolKind } from './tool-kind.ts'

/** What a worker can run, by kind: a new kind is a file and a line here. */
export const kinds: { [kind in ServerTool['kind']]: ToolKind<kind> } = {
  current_date: currentDate,
}
