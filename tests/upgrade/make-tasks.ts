import type { Decide, ScriptedReply } from '@longhaul/testbed/servers'
import type { Client } from './client.ts'
import { waitFor } from './wait-for.ts'

/** The tasks of a version, each named for its particular state. */
export type Made = {
  tasks: Record<
    | keyof Awaited<ReturnType<typeof makeEnded>>
    | keyof Awaited<ReturnType<typeof makeResponses>>
    | keyof Awaited<ReturnType<typeof makeLive>>
    | keyof Awaited<ReturnType<typeof makeWaiting>>,
    MadeTask
  >
  watchToken: string
}
export type MadeTask = { agent: string; task: string; response: string }

type Submit = { notes?: object; headers?: Record<string, string> }

/**
 * A message with the script of the model: `now` while the fixture is made, `replies` later. Of several replies to one
 * call, all but the last fail.
 */
export function message(
  replies: (ScriptedReply | ScriptedReply[])[],
  now?: keyof typeof behaviours,
) {
  const text = JSON.stringify({ script: replies, ...(now && { now }) })
  return { role: 'user', parts: [{ kind: 'text', text }] }
}

/** Behaviour of the model only while the fixture is made. */
const behaviours = {
  stall: { text: ['This is ', 'only half of '], fault: 'stall' },
  refuse: { status: 401 },
  later: { status: 503, headers: { 'retry-after': '60' } },
} satisfies Record<string, ScriptedReply>

export const behave: Decide = ({ body }) => {
  const asked = JSON.stringify(
    body.messages?.findLast(({ role }) => role === 'user')?.content ?? '',
  )
  const now = /\\"now\\":\\"(\w+)\\"/.exec(asked)?.[1] as keyof typeof behaviours | undefined
  return now === undefined ? undefined : behaviours[now]
}

export const afterwards = { text: 'It went on.' }
const payment = { calls: [{ id: 'p1', name: 'pay', arguments: { sum: 900 } }] }

/** Submits a task in the background, and waits until its log has an entry of this type. */
export async function begin(
  client: Client,
  [agent, sent]: [agent: string, sent: object],
  { notes = {}, headers, until }: Submit & { until?: string } = {},
): Promise<MadeTask> {
  const path = `/v2/agents/${agent}/responses`
  const body = await client.made(
    'POST',
    path,
    { background: true, message: sent, ...notes },
    headers,
  )
  const made = { agent, task: String(body['task_id']), response: String(body['_id']) }
  if (until !== undefined) await logged(client, made, until)
  return made
}

export async function logged(client: Client, task: MadeTask, type: string): Promise<void> {
  await waitFor(async () => {
    const { text } = await client.send('GET', `${pathOf(task)}/log?limit=200`)
    return text.includes(`"type":"${type}"`) || undefined
  })
}

export function pathOf({ agent, task }: MadeTask): string {
  return `/v2/agents/${agent}/responses/${task}`
}

/** Makes tasks that a worker has ended. */
export async function makeEnded(client: Client) {
  const ended = (agent: string, sent: object, submit?: Submit) =>
    begin(client, [agent, sent], { ...submit, until: 'turn.completed' })
  const failed = () =>
    begin(client, ['helper', message([afterwards], 'refuse')], { until: 'turn.failed' })
  const date = { calls: [{ id: 'd1', name: 'current_date', arguments: {} }] }
  const notes = {
    thread: { id: 't1', tags: ['red'] },
    identity: { id: 'ada' },
    metadata: { plan: 'pro', seats: 3 },
    variables: { tone: 'cheerful' },
  }
  const call = { calls: [{ id: 'w1', name: 'get_weather', arguments: { city: 'Rome' } }] }
  const echo = { calls: [{ id: 'e1', name: 'echo', arguments: { text: 'Hello' } }] }
  const cancelled = await begin(client, ['helper', message([afterwards], 'stall')], {
    until: 'attempt.started',
  })
  await client.made('POST', `${pathOf(cancelled)}/cancel?wait=20`)
  const gone = await ended('gone', message([{ text: 'Before its agent was deleted.' }]))
  await client.made('DELETE', '/v2/agents/gone')
  return {
    completed: await ended('helper', message([date, { text: 'Today.' }]), { notes }),
    repeated: await ended('helper', message([{ text: 'Once.' }]), {
      headers: { 'idempotency-key': 'a-key-of-a-caller' },
    }),
    streamed: await ended(
      'helper',
      message([{ reasoning: 'Well, let me think.', text: 'I have thought about it.' }]),
    ),
    large: await ended('helper', message([{ text: 'A long answer. ', huge: 17_000 }])),
    failed: await failed(),
    scheduled: await failed(),
    cancelled,
    pending: await ended('clerk', message([call, afterwards])),
    echoed: await ended('echo', message([echo, { text: 'It said so.' }])),
    gone,
  }
}

/** Makes tasks of the other dialect. */
export async function makeResponses(client: Client) {
  const say = async (fields: object): Promise<MadeTask> => {
    const body = await client.made('POST', '/v1/responses', { model: 'agent/helper', ...fields })
    const response = String(body['id'])
    return { agent: 'helper', task: response.slice(5, 31), response }
  }
  const goOn = (input: string, previous: MadeTask) =>
    say({ input, previous_response_id: previous.response })
  const first = await say({ input: 'first-word' })
  const deleted = await goOn('deleted-word', first)
  const hiding = await goOn('third-word', deleted)
  const fork = await goOn('fork-word', deleted)
  await client.made('DELETE', `/v1/responses/${deleted.response}`)
  await say({ input: 'one', conversation: 'a-conversation' })
  return {
    hiding,
    fork,
    conversation: await say({ input: 'two', conversation: 'a-conversation' }),
    adapted: await say({
      input: 'Hello',
      instructions: 'Answer in one word.',
      max_output_tokens: 100,
      tools: [
        { type: 'function', name: 'look_up', parameters: { type: 'object', properties: {} } },
      ],
    }),
    bare: { ...(await say({ model: 'openai/scripted', input: 'Hello' })), agent: '-' },
  }
}

/** Makes tasks that a worker holds or has parked. The worker is killed while it holds them. */
export async function makeLive(client: Client) {
  const stalling = message([afterwards], 'stall')
  const hold = () => begin(client, ['helper', stalling], { until: 'attempt.started' })
  const child = JSON.stringify({ script: [{ text: 'Forty-two.' }], now: 'stall' })
  const calls = [
    { id: 's1', name: 'call_sub_agent', arguments: { agent_key: 'helper', message: child } },
  ]
  return {
    parked: await begin(client, ['helper', message([afterwards], 'later')], {
      until: 'turn.parked',
    }),
    approval: await begin(client, ['payer', message([payment, afterwards])], {
      until: 'review.requested',
    }),
    rejected: await begin(client, ['payer', message([payment, afterwards])], {
      until: 'review.requested',
    }),
    parent: await begin(client, ['leader', message([{ calls }, afterwards])], {
      until: 'turn.parked',
    }),
    dying: await hold(),
    stopping: await hold(),
  }
}

/** Makes tasks while there is no worker. */
export async function makeWaiting(
  client: Client,
  { stopping, scheduled }: Record<'stopping' | 'scheduled', MadeTask>,
) {
  await client.made('POST', `${pathOf(stopping)}/cancel?wait=0`)
  await client.made('POST', '/v2/admin/redrive', { ids: [scheduled.task], per_second: 1 })
  const queued = await begin(client, ['helper', message([afterwards])])
  const next = await begin(client, ['helper', message([{ text: 'One.' }])])
  return { queued, waiting: next }
}
