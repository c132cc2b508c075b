import type { Cluster } from '@longhaul/testbed'

export type Refused = { name: string; method?: string; path: string; body: unknown; key?: string }

/** The replies to refused requests as one text, without ids and random values. */
export async function refusalsOf(cluster: Cluster, requests: Refused[]): Promise<string> {
  const blocks: string[] = []
  for (const { name, method = 'POST', path, body, key } of requests) {
    const response = await fetch(cluster.url + path, {
      method,
      headers: {
        authorization: `Bearer ${cluster.key}`,
        'content-type': 'application/json',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    })
    const reply = (await response.json()) as Reply
    const fields = reply.errors.map(({ path: at, message }) => `  ${at} | ${message}`)
    const { code, param } = reply.error
    blocks.push(
      [`# ${name}`, `${response.status} ${code} ${param}`, reply.message, ...fields].join('\n'),
    )
  }
  return `${blocks.join('\n\n').replaceAll(/[0-9A-HJKMNP-TV-Z]{26}/g, '<id>')}\n`
}

type Reply = {
  message: string
  errors: { path: string; message: string }[]
  error: { code: string; param: string | null }
}

/** The minimal body of an agent. */
export function agentNamed(key: string, more: object = {}): object {
  const texts = { role: 'Assistant', description: 'Answers questions.', instructions: 'Be brief.' }
  return { key, ...texts, path: 'Default', model: 'openai/scripted', settings: {}, ...more }
}

/** The minimal body of an MCP server. */
export function serverNamed(key: string, more: object = {}): object {
  return {
    key,
    display_name: key,
    connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: 'http://127.0.0.1:1/mcp' },
    auth: { type: 'MCP_AUTH_TYPE_NONE' },
    default_tool_exposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
    ...more,
  }
}

/** A message with the script for the model's answers. */
export function scripted(reply: object): string {
  return JSON.stringify({ script: [reply] })
}
