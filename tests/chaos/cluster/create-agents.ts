import { workspaceKeys } from '../tasks/workspaces.ts'

/** How long the agent waits for a tool, for a tool with large results, and by default for a whole model call. */
const toolSeconds = 2
const archiveSeconds = 20
const usualModelMs = 4_000

/** The tool whose calls need approval. */
export const reviewedTool = 'refund'

/** The agent of most tasks, and one that abandons a model after a few tries. */
export const usualAgent = 'chaos'
export const impatientAgent = 'impatient'
const impatientRetries = 3

/** The sub-agent, which is called as a tool. */
export const helper = 'helper'

/** The agent is stopped after this number of model calls. */
export const maxIterations = 6

/** Creates the agents and their tools in each workspace. */
export async function createAgents(
  url: string,
  toolsUrl: string,
  modelMs = usualModelMs,
): Promise<void> {
  for (const key of Object.values(workspaceKeys)) {
    await createAgentsOf(key, { url, toolsUrl, modelMs })
  }
}

type Options = { url: string; toolsUrl: string; modelMs: number }

async function createAgentsOf(apiKey: string, { url, toolsUrl, modelMs }: Options): Promise<void> {
  const post = postWith(apiKey)
  const tools = [
    { key: 'find', method: 'GET', onCrash: undefined, timeout: toolSeconds },
    { key: 'order', method: 'POST', onCrash: 'fail', timeout: toolSeconds },
    { key: reviewedTool, method: 'POST', onCrash: 'retry', timeout: toolSeconds },
    { key: 'archive', method: 'GET', onCrash: undefined, timeout: archiveSeconds },
  ]
  const argument = { type: 'string', description: 'as in the script' }
  for (const { key, method, onCrash, timeout } of tools) {
    await post(`${url}/v2/tools`, {
      key,
      path: 'Default',
      type: 'http',
      description: key,
      timeout,
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
      // No history is trimmed: the scripted model finds its next reply by counting the messages.
      context_window: 10_000_000,
      parameters: { timeout: { call_timeout: modelMs } },
    },
  }
  await post(`${url}/v2/agents`, { ...clerk, key: helper, settings: {} })
  const caller = {
    ...clerk,
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
  }
  await post(`${url}/v2/agents`, { ...caller, key: usualAgent })
  const model = { ...caller.model, retry: { count: impatientRetries } }
  await post(`${url}/v2/agents`, { ...caller, key: impatientAgent, model })
}

function postWith(apiKey: string) {
  return async (url: string, body: unknown): Promise<void> => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${text}`)
  }
}
