/** A minimal MCP server. Without a URL it is unreachable. */
export function newMcpServer(key: string, url = 'http://127.0.0.1:1/mcp') {
  return {
    key,
    display_name: key,
    connection: {
      type: url.endsWith('/sse') ? 'MCP_CONNECTION_TYPE_SSE' : 'MCP_CONNECTION_TYPE_HTTP',
      url,
    },
    auth: { type: 'MCP_AUTH_TYPE_NONE' },
    default_tool_exposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
  }
}
