import { createSecrets, openedHeaders, sealedIn } from './secrets/secrets.ts'
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
    return secrets.maskWithin(await services.mcp.call({ url, transport, headers }, call, options))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(secrets.maskText(message), { cause: error })
  }
}
