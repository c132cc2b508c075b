import type { ContentBudget } from '@longhaul/content'
import {
  type HttpHeader,
  invalid,
  isMcpServerId,
  type McpServer,
  type McpTool,
} from '@longhaul/core'
import { checkHeaders, checkUrl } from './check-http.ts'
import { sorted, unsynced, withTools } from './mcp-catalog.ts'
import { firstVersion } from './next-version.ts'
import type { Seal } from '../secrets/seal.ts'
import { sealHeaders } from '../secrets/seal-headers.ts'
import type { HeaderInput } from '../secrets/unsealed.ts'

/** The caller's definition of a server, with plain secrets. `tools` are set by a caller that knows them. */
export type McpServerInput = Pick<
  McpServer,
  'key' | 'displayName' | 'description' | 'url' | 'transport' | 'exposure' | 'echo'
> & { headers: Record<string, HeaderInput>; tools?: McpTool[] }

type NewServer = {
  id: string
  workspace: string
  now: number
  seal: Seal
  /** The budget for checking the schemas of its tools. */
  budget: ContentBudget
  /** The current headers, whose secrets the caller may keep. */
  current?: Record<string, HttpHeader> | undefined
  /** The tools and names of the current version. */
  before?: Pick<McpServer, 'tools' | 'names'> | undefined
  /** The path of the server in the caller's input. */
  at?: string
}

/** A server in its first version. Rejects with invalid and names the field. */
export async function newServer(
  { headers, tools, ...input }: McpServerInput,
  { id, workspace, now, seal, budget, current = {}, before, at = 'server' }: NewServer,
): Promise<McpServer> {
  const server: McpServer = {
    ...input,
    headers: sealedHeaders(headers, { workspace, current, seal, at }),
    id,
    version: firstVersion,
    createdAt: now,
    updatedAt: now,
    ...unsynced,
  }
  checkServer(server, at)
  return tools === undefined
    ? server
    : withTools({ ...server, ...before }, { ...(await sorted(tools, budget)), at: now })
}

type Sealing = {
  workspace: string
  current: Record<string, HttpHeader>
  seal: Seal
  at?: string
}

/** The headers as they are stored, with sealed secrets. Throws invalid and names the header. */
export function sealedHeaders(
  headers: Record<string, HeaderInput>,
  { at = 'server', ...options }: Sealing,
): Record<string, HttpHeader> {
  const pathOf = (name: string) => `${at}.headers.${name}`
  checkHeaders(headers, pathOf)
  return sealHeaders(headers, { ...options, pathOf })
}

/** Refuses a server with an ambiguous key or an address that cannot be reached. */
export function checkServer({ key, url }: McpServer, at = 'server') {
  if (isMcpServerId(key)) throw invalid(`${at}.key`, 'has the form of the id of an MCP server')
  if (url.includes('{{')) throw invalid(`${at}.url`, 'must have no placeholder')
  checkUrl(url, `${at}.url`)
}
