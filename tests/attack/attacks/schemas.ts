import type { Attack } from '../attack.ts'
import { bodyOf, type Client } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { ended } from '../attack-context.ts'

/** A schema of 2.5 KB that becomes large because one definition is inlined many times. */
function inlined(seed: string): Record<string, unknown> {
  const names = Array.from({ length: 25 }, (_, at) => `${seed}_${at}`)
  const definition = {
    type: 'object',
    properties: Object.fromEntries(
      names.map((name) => [name, { type: 'string', format: 'email', minLength: 1 }]),
    ),
  }
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/d' }])),
    $defs: { d: definition },
  }
}

/** A schema in which each definition refers to the next one twice. */
const doubling = {
  type: 'object',
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 28 }, (_, at) => {
      const next = { $ref: `#/$defs/d${at + 1}` }
      return [`d${at}`, at === 27 ? { type: 'object' } : { allOf: [next, next] }]
    }),
  ),
}

function functions(count: number, schema: (at: number) => unknown) {
  return Array.from({ length: count }, (_, at) => ({
    type: 'function',
    name: `f${at}`,
    description: 'f',
    parameters: schema(at),
  }))
}

export const schemas: Attack = {
  name: 'schemas',
  does: 'sends JSON Schemas that take long to compile or to validate',
  variants: {
    '128 slow tools': ({ alpha, many }) => {
      const tools = functions(many(128), (at) => inlined(`p${at}`))
      const body = JSON.stringify({
        model: 'attacker/scripted',
        input: 'hi',
        background: true,
        tools,
      })
      return Promise.resolve(async () =>
        checkReplies([await alpha.call('POST', '/v1/responses', body)]),
      )
    },
    '60 calls of a doubling schema': (context) => {
      const { alpha, many } = context
      const calls = Array.from({ length: many(60) }, (_, at) => ({ id: `c${at}`, name: 'f0' }))
      const body = {
        model: 'attacker/scripted',
        input: JSON.stringify({ script: [{ calls }, { text: 'done' }] }),
        background: true,
        tools: functions(1, () => doubling),
      }
      return Promise.resolve(async () => {
        const turns = Array.from({ length: many(10) }, () =>
          alpha.call('POST', '/v1/responses', body),
        )
        const replies = await Promise.all(turns)
        const accepted = replies.filter(({ status }) => status === 200)
        await Promise.all(
          accepted.map((reply) =>
            ended(context, alpha, `/v1/responses/${String(bodyOf(reply)['id'])}`),
          ),
        )
        return checkReplies(replies)
      })
    },
    'a hostile MCP server': async ({ alpha, mcpServer, many }) => {
      const server = await mcpServer()
      const tools = Array.from({ length: many(500) }, (_, at) => ({
        name: `t${at}`,
        inputSchema: { ...inlined(`m${at}`), type: 'object' as const },
      }))
      server.setTools(tools)
      return () => sync(alpha, `${server.url}/mcp`)
    },
    'an MCP list without end': async ({ alpha, mcpServer }) => {
      const server = await mcpServer()
      server.listForever()
      return async () => {
        const { seen, wrong } = await sync(alpha, `${server.url}/mcp`)
        const pages = server.pages()
        const endless = pages > 150 ? [`${pages} pages of an endless list were read`] : []
        return { seen: `${seen}, ${pages} pages`, wrong: [...wrong, ...endless] }
      }
    },
  },
}

async function sync(alpha: Client, url: string) {
  const created = await alpha.call('POST', '/v2/mcp-servers', {
    key: 'hostile',
    display_name: 'Hostile',
    connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url },
    auth: { type: 'MCP_AUTH_TYPE_NONE' },
    default_tool_exposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
  })
  return checkReplies([created, await alpha.call('POST', '/v2/mcp-servers/hostile:sync', {})])
}
