import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Decide, ScriptedReply } from '@longhaul/testbed/servers'

/** What the scripted model answers to the tasks of the screenshots: by the last message of a user. */
export const answers: Decide = ({ body: { messages = [] } }) => {
  const last = messages.findLast(({ role }) => role === 'user')
  const text =
    typeof last?.content === 'string' ? last.content : JSON.stringify(last?.content ?? '')
  const steps = messages.length - messages.lastIndexOf(last ?? { role: '' }) - 1
  const isFirst = steps === 0
  const story = stories.find(({ when }) => text.includes(when))
  return (isFirst ? story?.first : undefined) ?? story?.final ?? { text: words('All done.') }
}

type Story = { when: string; first?: ScriptedReply; final: ScriptedReply }

const words = (text: string) => text.split(/(?<= )/)

const stories: Story[] = [
  {
    when: 'invoice 4711',
    first: {
      reasoning: 'The customer was charged twice. I need the date of the charge first.',
      text: 'Let me look at the charge.',
      delay: 420,
      calls: [
        { id: 'c1', name: 'current_date', arguments: {} },
        { id: 'c2', name: 'lookup_charge', arguments: { invoice: '4711' } },
      ],
      usage: { input: 1840, output: 96, cached: 1200 },
    },
    final: {
      delay: 380,
      chunkDelay: 22,
      text: words(
        'Invoice 4711 was charged twice on 28 November: once by the subscription and once by a retry of the payment page. The second charge is refunded. It arrives within five days.',
      ),
      usage: { input: 2210, output: 64 },
    },
  },
  {
    when: 'Refund order',
    first: {
      delay: 350,
      text: 'The order qualifies. I ask for the refund.',
      calls: [
        {
          id: 'r1',
          name: 'refund',
          arguments: { order: 'A-2093', amount: 129.9, currency: 'EUR', notify: true },
        },
      ],
      usage: { input: 1320, output: 58 },
    },
    final: {
      delay: 200,
      chunkDelay: 12,
      text: words('The refund of 129.90 EUR for order A-2093 is on its way.'),
    },
  },
  {
    when: 'Compare the three suppliers',
    first: {
      delay: 300,
      text: 'I ask the researcher.',
      calls: [
        {
          id: 's1',
          name: 'call_sub_agent',
          arguments: {
            agent_key: 'researcher',
            message: 'Find prices and lead times of the three suppliers',
          },
        },
      ],
      usage: { input: 980, output: 41 },
    },
    final: {
      delay: 300,
      chunkDelay: 18,
      text: words(
        'Nordwerk is 8 % cheaper, and Halden delivers in half the time. For this order I recommend Halden.',
      ),
    },
  },
  {
    when: 'Find prices',
    first: {
      delay: 500,
      calls: [
        { id: 'p1', name: 'lookup_charge', arguments: { invoice: 'price-list' } },
        { id: 'p2', name: 'lookup_charge', arguments: { invoice: 'lead-times' } },
      ],
    },
    final: {
      delay: 250,
      chunkDelay: 14,
      text: words('Prices and lead times of all three suppliers, as of today.'),
    },
  },
  {
    when: 'nightly report',
    final: {
      status: 400,
      body: {
        error: { message: 'The context of 212,000 tokens is larger than the model accepts.' },
      },
    },
  },
  {
    when: 'write a long summary',
    final: {
      delay: 500,
      chunkDelay: 120,
      text: words(
        'The quarter closed above plan. Revenue grew in every region, most of all in the north, where two new customers moved their fleets. Support answered faster than ever, although tickets doubled in October. Next quarter the team ships the offline mode. '.repeat(
          20,
        ),
      ),
    },
  },
]

const agent = (key: string, name: string, more: object = {}) => ({
  key,
  display_name: name,
  path: 'Default',
  role: name,
  description: `${name} of the demo company.`,
  instructions: 'Be exact, and short.',
  model: 'openai/gpt-demo',
  settings: {},
  ...more,
})

/** Creates agents and tools of a company, and runs its tasks. Resolves with the ids of those that are shown. */
export async function fillWorkspace(cluster: Cluster, toolUrl: string) {
  const { call } = cluster
  const http = (key: string, properties: object) => ({
    key,
    display_name: key,
    description: `Calls ${key}.`,
    path: 'Default',
    type: 'http',
    http: {
      blueprint: {
        url: `${toolUrl}/${key}?${Object.keys(properties)[0]}={{${Object.keys(properties)[0]}}}`,
        method: 'GET',
      },
      arguments: Object.fromEntries(
        Object.keys(properties).map((name) => [name, { type: 'string', description: name }]),
      ),
    },
  })
  for (const tool of [http('lookup_charge', { invoice: 1 }), http('refund', { order: 1 })]) {
    const { status, body } = await call('POST', '/v2/tools', tool)
    if (status >= 300) throw new Error(JSON.stringify(body))
  }
  const lookup = { type: 'http', key: 'lookup_charge' }
  const agents = [
    agent('billing', 'Billing support', {
      settings: { tools: [{ type: 'current_date' }, lookup] },
    }),
    agent('refunds', 'Refund desk', {
      settings: { tools: [{ type: 'http', key: 'refund', requires_approval: true }] },
    }),
    agent('researcher', 'Market researcher', { settings: { tools: [lookup] } }),
    agent('purchasing', 'Purchasing', {
      team_of_agents: [{ key: 'researcher' }],
      settings: { tools: [{ type: 'call_sub_agent' }] },
    }),
    agent('reports', 'Nightly reports'),
    agent('writer', 'Writer'),
  ]
  for (const each of agents) {
    const { status, body } = await call('POST', '/v2/agents', each)
    if (status >= 300) throw new Error(`${each.key}: ${JSON.stringify(body)}`)
  }
  const submit = async (to: string, text: string, more: object = {}) => {
    const { status, body } = await call('POST', `/v2/agents/${to}/responses`, {
      message: { role: 'user', parts: [{ kind: 'text', text }] },
      background: true,
      ...more,
    })
    if (status >= 300) throw new Error(JSON.stringify(body))
    return String(body['task_id'])
  }
  const ended = async (to: string, id: string) =>
    await call('GET', `/v2/agents/${to}/responses/${id}?wait=60`)
  for (let night = 0; night < 6; night += 1) {
    await submit('reports', `Make the nightly report ${night}`, {
      metadata: { night: String(night) },
    })
  }
  for (const customer of ['ines', 'omar', 'li-wei', 'tove']) {
    await submit(
      'billing',
      `Why was I charged twice? It is invoice 4711, and I am ${customer}.`,
      identity(customer),
    )
  }
  const compared = await submit(
    'purchasing',
    'Compare the three suppliers for the order of 400 sensors.',
  )
  await ended('purchasing', compared)
  const billing = await submit(
    'billing',
    'Why was I charged twice for invoice 4711?',
    identity('ines'),
  )
  await ended('billing', billing)
  const refunds = [
    await submit('refunds', 'Refund order A-2093, it never arrived.', identity('tove')),
    await submit('refunds', 'Refund order A-2101, the box was open.', identity('omar')),
  ]
  const live = await submit('writer', 'Please write a long summary of the quarter.')
  await sleep(200)
  return { compared, billing, refund: refunds[0] ?? '', live }
}

function identity(id: string) {
  return { identity: { id, display_name: id } }
}
