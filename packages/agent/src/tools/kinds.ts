import type { PlanTool, ServerTool } from '@longhaul/core'
import { callSubAgent } from './call-sub-agent.ts'
import { code } from './code.ts'
import { currentDate } from './current-date.ts'
import { http } from './http.ts'
import { mcp } from './mcp.ts'
import { retrieveAgents } from './retrieve-agents.ts'
import type { InstantKind, ToolKind } from './tool-kind.ts'
import { webScraper } from './web-scraper.ts'

/** The kinds of tools whose calls neither wait nor have an effect. */
export const instantKinds = {
  current_date: currentDate,
  retrieve_agents: retrieveAgents,
} satisfies { [Kind in ServerTool['kind']]?: InstantKind<Kind> }

export type InstantTool = Extract<ServerTool, { kind: keyof typeof instantKinds }>

export function isInstant(tool: PlanTool): tool is InstantTool {
  return Object.hasOwn(instantKinds, tool.kind)
}

/** The kinds of tools that a worker can run. A new kind is a file and a line here. */
export const kinds: { [Kind in ServerTool['kind']]: ToolKind<Kind> } = {
  ...instantKinds,
  http,
  code,
  mcp,
  web_scraper: webScraper,
  call_sub_agent: callSubAgent,
}
