import { testKey } from '@longhaul/testing/servers'

/** How long the agent waits for a tool, and usually for a whole model call. */
const toolSeconds = 2
const usualModelMs = 4_000

/** Its calls wait for somebody. */
export const reviewedTool = 'refund'

/** Another agent, which is called as a tool is. */
export const helper = 'helper'

/** After so many model calls the agent is stopped. */
export const maxIterations = 6

/** Makes the agent and its tools. */
export async function setUp(url: string, toolsUrl: string, modelMs = usualModelMs): Promise<void> {
  const tools = [
    { key: 'find', method: 'GET', onCrash: undefined },
    { key: 'order', method: 'POST', onCrash: 'fail' },
    { key: reviewedTool, method: 'POST', onCrash: 'retry' },
  ]
  const argument = { type: 'string', description: 'as in the script' }
  for (const { key, method, onCrash } of tools) {
    await post(`${url}/v2/tools`, {
      key,
      path: 'Default',
      type: 'http',
      description: key,
      timeout: toolSeconds,
      on_crash: onCrash,
      http: {
        blueprint: { url: `${toolsUrl}/${key}/{{service}}/{{call}}`, method },
        arguments: { service: argument, call: argument },
      },
    })
  }
  const clerk = {
    role: 'clerk',
    description: 'Does what its script says.',
    instructions: 'Do what the script says.',
    path: 'Default',
    model: {
      id: 'openai/scripted',
      parameters: { timeout: { call_timeout: modelMs } },
    },
  }
  await post(`${url}/v2/agents`, { ...clerk, key: helper, settings: {} })
  await post(`${url}/v2/agents`, {
    ...clerk,
    key: 'chaos',
    team_of_agents: [{ key: helper }],
    settings: {
      max_iterations: maxIterations,
      tools: [
        { type: 'current_date' },
        { type: 'call_sub_agent' },
        ...tools.map(({ key }) => ({
          type: 'http',
          key,
          requires_approval: key === reviewedTool,
        })),
      ],
    },
  })
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${testKey}`, 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${text}`)
}
