import type { Client } from './client.ts'

export const secretHeader = 'Bearer a-secret-for-tests-only'

/** Creates agents, tools and an MCP server, some with several versions. */
export async function makeRegistries(client: Client, reached: { service: string; mcp: string }) {
  await makeTools(client, reached.service)
  await makeServer(client, reached.mcp)
  await makeAgents(client)
}

async function makeTools(client: Client, service: string): Promise<void> {
  const tool = (key: string, fields: object) =>
    client.made('POST', '/v2/tools', {
      key,
      path: 'Default',
      description: `The tool ${key}.`,
      ...fields,
    })
  const parameters = {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  }
  await tool('weather', { type: 'function', function: { name: 'get_weather', parameters } })
  await tool('pay', {
    type: 'http',
    http: {
      blueprint: {
        url: `http://${service}/pay`,
        method: 'POST',
        headers: { authorization: { value: secretHeader, encrypted: true } },
        body: { sum: '{{sum}}' },
      },
      arguments: { sum: { type: 'number', description: 'How much.' } },
    },
  })
  await tool('area', {
    type: 'code',
    code_tool: { language: 'python', code: 'result = params["a"] * params["b"]' },
  })
  await tool('form', {
    type: 'json_schema',
    json_schema: { name: 'form', description: 'A form.', schema: { type: 'object' } },
  })
  await client.made('PATCH', '/v2/tools/weather', {
    type: 'function',
    description: 'Tells the weather of a city.',
  })
}

async function makeServer(client: Client, mcp: string): Promise<void> {
  await client.made('POST', '/v2/mcp-servers', {
    key: 'echoes',
    display_name: 'Echoes',
    connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: `http://${mcp}/mcp` },
    auth: {
      type: 'MCP_AUTH_TYPE_STATIC_HEADERS',
      static_headers: [{ key: 'Authorization', value: secretHeader }],
    },
    default_tool_exposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
  })
  await client.made('POST', '/v2/mcp-servers/echoes:sync', {})
}

async function makeAgents(client: Client): Promise<void> {
  const agent = (key: string, fields: object = {}) =>
    client.made('POST', '/v2/agents', {
      key,
      role: 'Assistant',
      description: `The agent ${key}.`,
      instructions: 'Be brief.',
      path: 'Default/agents',
      model: { id: 'openai/scripted', retry: { count: 1 } },
      settings: { tools: [{ type: 'current_date' }] },
      ...fields,
    })
  await agent('helper', { variables: { tone: 'calm' } })
  await agent('gone')
  await agent('clerk', { settings: { tools: [{ type: 'function', key: 'weather' }] } })
  await agent('payer', {
    settings: { tools: [{ type: 'http', key: 'pay', requires_approval: true }] },
  })
  await agent('echo', { settings: { tools: [{ type: 'mcp', key: 'echoes' }] } })
  await agent('leader', {
    team_of_agents: [{ key: 'helper', role: 'Knows everything.' }],
    settings: { tools: [{ type: 'call_sub_agent' }] },
  })
  await client.made('PATCH', '/v2/agents/helper', { instructions: 'Be very brief.' })
}
