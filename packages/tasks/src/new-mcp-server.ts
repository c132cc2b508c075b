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
import type { Seal } from './seal.ts'
import { sealHeaders } from './seal-headers.ts'
import type { HeaderInput } from './tool-input.ts'

/** What a caller says a server shall be, its secrets in clear. `tools` are those of a caller that knows them. */
export type McpServerInput = Pick<
  McpServer,
  'key' | 'displayName' | 'description' | 'url' | 'transport' | 'exposure' | 'echo'
> & { headers: Record<string, HeaderInput>; tools?: McpTool[] }

/** Where what is wrong stands in the caller's body. */
export type Places = { key: string; url: string; header: (name: string) => string }

const usualPlaces: Places = {
  key: 'key',
  url: 'connection.url',
  header: (name) => `auth.static_headers.${name}`,
}

type NewServer = {
  id: string
  workspace: string
  now: number
  seal: Seal
  /** What the check of its tools' schemas may take. */
  budget: ContentBudget
  /** Headers that it may keep. */
  current?: Record<string, HttpHeader> | undefined
  /** The tools that it has had so far. */
  before?: Pick<McpServer, 'tools' | 'names'> | undefined
  places?: Places
}

/** A server in its first version. Rejects with invalid, naming the field. */
export async function newServer(
  { headers, tools, ...input }: McpServerInput,
  { id, workspace, now, seal, budget, current = {}, before, places = usualPlaces }: NewServer,
): Promise<McpServer> {
  const server: McpServer = {
    ...input,
    headers: sealedHeaders(headers, { workspace, current, seal, places }),
    id,
    version: firstVersion,
    createdAt: now,
    updatedAt: now,
    ...unsynced,
  }
  checkServer(server, places)
  return tools === undefined
    ? server
    : withTools({ ...server, ...before }, { ...(await sorted(tools, budget)), at: now })
}

type Sealing = {
  workspace: string
  current: Record<string, HttpHeader>
  seal: Seal
  places?: Places
}

/** Rejects with invalid, naming the header. */
export function sealedHeaders(
  headers: Record<string, HeaderInput>,
  { places = usualPlaces, ...options }: Sealing,
): Record<string, HttpHeader> {
  checkHeaders(headers, places.header)
  return sealHeaders(headers, { ...options, pathOf: places.header })
}

/** Refuses a server that could be misread or never reached. */
export function checkServer({ key, url }: McpServer, places = usualPlaces) {
  if (isMcpServerId(key)) throw invalid(places.key, 'has the form of the id of an MCP server')
  if (url.includes('{{')) throw invalid(places.url, 'must have no placeholder')
  checkUrl(url, places.url)
}
