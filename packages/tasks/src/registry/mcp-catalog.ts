import { checkSchemas, type ContentBudget } from '@longhaul/content'
import {
  cutText,
  type FieldError,
  limits,
  LonghaulError,
  type McpServer,
  type McpTool,
  namesSeen,
  whyNotExposed,
} from '@longhaul/core'

/** The catalog of a server that was never synced. */
export const unsynced = {
  tools: [],
  names: [],
  sync: { status: 'pending' as const, added: 0, removed: 0, errors: [] },
}

/** Splits tools into those that can be used, and errors for the others. */
export async function sorted(
  reported: McpTool[],
  budget: ContentBudget,
): Promise<{ tools: McpTool[]; errors: string[] }> {
  const tools = new Map<string, McpTool>()
  const errors: string[] = []
  const found = await checkSchemas(
    reported.map(({ inputSchema }) => inputSchema),
    budget,
  )
  for (const [at, tool] of reported.entries()) {
    const problem =
      whyUnusable(tool, found[at]) ?? (tools.has(tool.name) ? 'is there twice' : undefined)
    if (problem === undefined) tools.set(tool.name, tool)
    else errors.push(`the tool ${JSON.stringify(cutText(tool.name, 100))} ${problem}`)
  }
  return { tools: [...tools.values()], errors: errors.slice(0, limits.listPage) }
}

function whyUnusable({ name }: McpTool, [problem]: FieldError[] = []): string | undefined {
  if (name === '' || name.length > 256) return 'has a name that cannot be used'
  return problem && `has a schema that cannot be used: ${problem.message}`
}

/** A server with the catalog that it has just returned, or with its earlier one when it could not be asked. */
export function withTools(
  server: McpServer,
  { tools, errors, at }: { tools: McpTool[] | undefined; errors: string[]; at: number },
): McpServer {
  if (tools === undefined) {
    return {
      ...server,
      sync: { ...server.sync, status: 'failed', added: 0, removed: 0, at, errors },
    }
  }
  const had = new Set(server.tools.map(({ name }) => name))
  const added = tools.filter(({ name }) => !had.has(name)).length
  const removed = had.size - (tools.length - added)
  const sync = { status: 'synced' as const, added, removed, at, errors }
  const next = { ...server, tools, names: namesAfter(server, tools, at), sync }
  const size = JSON.stringify(next).length
  if (size <= limits.definition) return next
  throw new LonghaulError(
    'too_large',
    `the tools of ${server.key} are larger than is kept: ${size} bytes`,
  )
}

/** The names after a sync. The name of a former tool stays reserved, unless no agent could have it. */
function namesAfter(server: McpServer, tools: McpTool[], at: number): McpServer['names'] {
  const known = namesSeen(server)
  const reported = new Set(tools.map(({ name }) => name))
  const notExposed = server.tools.filter((tool) => whyNotExposed(server, tool) !== undefined)
  const unused = new Set(notExposed.map(({ name }) => name))
  const gone = known.filter(({ name }) => !reported.has(name))
  for (const { name } of gone.slice(0, -limits.mcpTools)) unused.add(name)
  const before = new Set(known.map(({ name }) => name))
  return [
    ...known.filter(({ name }) => reported.has(name) || !unused.has(name)),
    ...tools.filter(({ name }) => !before.has(name)).map(({ name }) => ({ name, since: at })),
  ]
}
