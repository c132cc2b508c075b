import { setTimeout as sleep } from 'node:timers/promises'

type Options = { url: string; key: string; signal: AbortSignal }

/**
 * Fills the workspace with agents and tasks of an hour: dates that a tool reads, calls that wait for a person,
 * failures, a cancelled task, one that starts later. All of it goes through the public API and needs no model provider.
 */
export const runDemoTasks = async ({ url, key, signal }: Options): Promise<void> => {
  const call = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
    const reply = (await response.json()) as Record<string, unknown>
    if (response.ok || response.status === 409) return reply
    throw new Error(`the demo was refused with ${response.status}: ${String(reply['message'])}`)
  }
  for (const agent of agents) await call('/v2/agents', agent)
  for (const { to, text, ...more } of tasks()) {
    const message = { role: 'user', parts: [{ kind: 'text', text }] }
    const { task_id: id } = await call(`/v2/agents/${to}/responses`, {
      message,
      background: true,
      ...more,
    })
    if (text.startsWith('Cancel')) {
      await sleep(300, undefined, { signal })
      await call(`/v2/agents/${to}/responses/${String(id)}/cancel`, {})
    }
    await sleep(100, undefined, { signal })
  }
}

const agent = (key: string, name: string, more: object = {}) => ({
  key,
  display_name: name,
  path: 'Default',
  role: name,
  description: `${name} of the demo.`,
  instructions: 'Answer in one sentence.',
  model: 'demo/simulated',
  settings: {},
  ...more,
})

const date = { tools: [{ type: 'current_date' }] }

const agents = [
  agent('support', 'Support', { settings: date }),
  agent('refunds', 'Refund desk', { settings: { ...date, tool_approval_required: 'all' } }),
  agent('reports', 'Nightly reports', { model: 'demo/retired' }),
  agent('writer', 'Writer'),
]

const tasks = () => [
  ...['ines', 'omar', 'li-wei', 'tove'].map((customer) => ({
    to: 'support',
    text: `What is the date of the next delivery for ${customer}?`,
    identity: { id: customer },
    metadata: { plan: customer.length > 4 ? 'pro' : 'free' },
  })),
  ...[1, 2, 3].map((night) => ({
    to: 'reports',
    text: `Make the report of night ${night}`,
    metadata: { night: String(night) },
  })),
  { to: 'writer', text: 'Summarise the quarter: revenue, support, and what comes next.' },
  { to: 'writer', text: 'Cancel this: a letter that nobody needs any more.' },
  { to: 'refunds', text: 'Refund order A-2093, with the date of today.' },
  { to: 'refunds', text: 'Refund order A-2101, with the date of today.' },
  { to: 'writer', text: 'Write the note for the night shift.', longhaul: { start_at: inAnHour() } },
]

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString()
}
