import type { Attack, Prepare } from '../attack.ts'
import type { Reply } from '../client.ts'
import { judgeReplies } from '../replies.ts'
import { createAgent, ended, scripted, type Scene, submit } from '../scene.ts'

/** A task whose log is almost as large as a log may be: results in blobs, and many that are not. */
async function largeTask(scene: Scene): Promise<{ path: string; task: string }> {
  const { alpha, many, service } = scene
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
  await ended(scene, alpha, path)
  return { path, task }
}

function calls(count: number, what: string) {
  return Array.from({ length: count }, (_, at) => ({
    id: `c${at}`,
    name: 'fetch',
    arguments: { what },
  }))
}

/** Reads every view of such a task, so many clients at a time. */
function readers(clients: number): Prepare {
  return async (scene) => {
    const { path, task } = await largeTask(scene)
    const { alpha } = scene
    const large = [
      `${path}?include=messages`,
      `${path}/log`,
      `${path}/events?after=0`,
      `/v1/responses/${task}?stream=true`,
    ]
    const small = [path, `${path}?format=openai`, `${path}/input_items`, `/v1/responses/${task}`]
    const views = clients === 1 ? [...large, ...small] : large
    return async () => {
      const replies: Reply[] = []
      for (const view of views) {
        const asked = Array.from({ length: clients }, () => alpha.call('GET', view))
        replies.push(...(await Promise.all(asked)))
      }
      const { seen, wrong } = judgeReplies(replies)
      const served = replies.filter(({ status }) => status === 200).length
      const least = clients === 1 ? views.length : 1
      const unread = served < least ? [`only ${served} of ${replies.length} could be read`] : []
      return { seen, wrong: [...wrong, ...unread] }
    }
  }
}

export const largeTasks: Attack = {
  name: 'large-task',
  does: 'reads a task with a log of tens of megabytes in every view',
  variants: { 'one reader': readers(1), 'four readers': readers(4) },
}
