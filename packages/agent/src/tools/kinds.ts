import type { ServerTool } from '@longhaul/core'
import { callSubAgent } from './call-sub-agent.ts'
import { code } from './code.ts'
import { currentDate } from './current-date.ts'
import { http } from './http.ts'
import { mcp } from './mcp.ts'
import { retrieveAgents } from './retrieve-agents.ts'
import type { ToolKind } from './tool-kind.ts'
import { webScraper } from './web-scraper.ts'

/** The kinds of tools that a worker can run. A new kind is a file and a line here. */
export const kinds: { [Kind in ServerTool['kind']]: ToolKind<Kind> } = {
  current_date: currentDate,
  http,
  code,
  mcp,
  web_scraper: webScraper,
  retrieve_agents: retrieveAgents,
  call_sub_agent: callSubAgent,
}
