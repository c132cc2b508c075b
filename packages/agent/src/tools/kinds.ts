import type { PlanTool } from '@longhaul/core'
import { currentDate } from './current-date.ts'
import type { ToolKind } from './tool-kind.ts'

/** What a worker can run, by kind: a new kind is a file and a line here. */
export const kinds: Record<Exclude<PlanTool['kind'], 'function'>, ToolKind> = {
  current_date: currentDate,
}
