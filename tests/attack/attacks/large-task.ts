import type { Attack, Prepare } from '../attack.ts'
import type { Reply } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { createAgent, ended, scripted, type AttackContext, submit } from '../attack-context.ts'

/** A task whose log is almost as large as allowed, with results in blobs and many outside blobs. */
async function largeTask(context: AttackContext): Promise<{ path: string; task: string }> {
  const { alpha, many, service } = context
  const server = await service()
  server.reply(({ path }) => ({ body: 'x'.repeat(path.includes('blob') ? 900_000 : 15_000) }))
  const tool = {
    type: 'http',
    key: 'fetch',
    description: 'Fetches.',
    http: {
      blueprint: { url: `${server.url}/{{what}}`, method: 'GET' },
      arguments: { what: { type: 'string', description: 'What.' } },
    },
  }
  const agent = await createAgent(alpha, 'large', { settings: { tools: [tool] } })
  const script = [
    { calls: calls(many(20), 'blob') },
    ...Array.from({ length: many(10) }, () => ({ calls: calls(128, 'text') })),
    { text: 'done' },
  ]
  const task = await submit(alpha, agent, scripted(...script))
  const path = `/v2/agents/${agent}/responses/${task}`
  await ended(context, alpha, path)
  return { path, task }
}

function calls(count: number, what: string) {
  return Array.from({ length: count }, (_, at) => ({
    id: `c${at}`,
    name: 'fetch',
    arguments: { what },
  }))
}

const largeViews = (path: string, task: string) => [
  `${path}?include=messages`,
  `${path}/log`,
  `${path}/events?after=0`,
  `/v1/responses/${task}?stream=true`,
]

const smallViews = (path: string, task: string) => [
  path,
  `${path}?format=openai`,
  `${path}/input_items`,
  `/v1/responses/${task}`,
]

/** Several clients read each large view at the same time, one view after the other. */
function readers(clients: number): Prepare {
  return async (context) => {
    const { path, task } = await largeTask(context)
    const waves = largeViews(path, task).map((view) => Array<string>(clients).fill(view))
    return () => readWaves(context, waves)
  }
}

/** One client reads every large view several times at once, and then each small view by itself. */
async function allViews(context: AttackContext): ReturnType<Prepare> {
  const { path, task } = await largeTask(context)
  const large = Array.from({ length: 3 }, () => largeViews(path, task)).flat()
  return () => readWaves(context, [large, ...smallViews(path, task).map((view) => [view])])
}

async function readWaves({ alpha }: AttackContext, waves: string[][]) {
  const replies: Reply[] = []
  let unread = 0
  for (const wave of waves) {
    const read = await Promise.all(wave.map((view) => alpha.call('GET', view)))
    if (!read.some(({ status }) => status === 200)) unread += 1
    replies.push(...read)
  }
  const { seen, wrong } = checkReplies(replies)
  return { seen, wrong: unread === 0 ? wrong : [...wrong, `${unread} views could not be read`] }
}

export const largeTasks: Attack = {
  name: 'large-task',
  does: 'reads a task with a log of tens of megabytes in every view',
  variants: { 'every view at once': allViews, 'four readers': readers(4) },
}
