import type { McpResult } from '@longhaul/core'
import { readableFile, ResultWithFiles } from './result-files.ts'
import { createSecrets, openedHeaders, sealedIn, type Secrets } from './secrets/secrets.ts'
import type { ToolKind } from './tool-kind.ts'

/** Calls a tool of an MCP server, with the server's current secrets. */
export const mcp: ToolKind<'mcp'> = async (input, context) => {
  const { tool, variables, services, signal, idempotencyKey } = context
  const secrets = createSecrets(services.open)
  const { id, url, transport, headers: planned } = tool.server
  const headers = await openedHeaders(planned, { id, services, secrets })
  secrets.openMore(sealedIn(variables))
  const call = { tool: tool.tool, arguments: input, key: idempotencyKey }
  const options = { signal, timeoutMs: tool.timeoutSeconds * 1_000 }
  try {
    const answer = await services.mcp.call({ url, transport, headers }, call, options)
    return withFiles(answer, secrets)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(secrets.maskText(message), { cause: error })
  }
}

/** A text says where each of its files was, and which of them the model cannot read. */
function withFiles({ result, files }: McpResult, secrets: Secrets): unknown {
  const read = files.map(({ bytes }) => readableFile(bytes, secrets))
  const types = files.flatMap(({ mimeType }, at) => (read[at] === undefined ? [mimeType] : []))
  const note = types.length > 0 && `[left out, since no model reads it: ${types.join(', ')}]`
  const noted = note && typeof result === 'string' ? `${result}\n${note}` : result
  const masked = secrets.maskWithin(noted)
  const readable = read.filter((file) => file !== undefined)
  return readable.length === 0 ? masked : new ResultWithFiles(masked, readable)
}
