type Options = { url: string; key: string; signal: AbortSignal }

/** Creates the agent of the curl examples. An existing agent is not changed. */
export const createDemoAgent = async ({ url, key, signal }: Options) => {
  const response = await fetch(`${url}/v2/agents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(agent),
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  })
  const text = await response.text()
  if (response.ok || response.status === 409) return
  throw new Error(`the demo agent was refused with ${response.status}: ${text.slice(0, 300)}`)
}

const agent = {
  key: 'demo',
  display_name: 'Demo',
  path: 'Default',
  role: 'Demonstrator',
  description: 'Shows how a task runs, without a model provider.',
  instructions: 'Answer in one sentence. Use the current_date tool for anything about dates.',
  model: 'demo/simulated',
  settings: { tools: [{ type: 'current_date' }] },
}
