import { type AppProcess, type Cluster, startScriptedServer } from '@longhaul/testbed'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { path as plainPath, scripted, test as base } from '../plain.fixture.ts'

const path = '/v2/agents/heavy/responses'
const MB = 1024 * 1024

/** `heavy` is the cluster with an agent `heavy`. Its only tool returns almost 1 MB, each time with another text. */
export const test = base.extend(
  'heavy',
  { scope: 'file' },
  async ({ workspace }, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    let served = 0
    service.reply(() => {
      service.requests.length = 0
      served += 1
      return { body: String(served).padEnd(0.95 * MB, 'x') }
    })
    const http = { blueprint: { url: service.url, method: 'GET' } }
    const tool = { key: 'fetch', path: 'tests', type: 'http', description: 'fetches', http }
    const agent = {
      key: 'heavy',
      role: 'r',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: 'openai/scripted',
      settings: { tools: [{ type: 'http', key: 'fetch' }] },
    }
    const replies = [
      await workspace.call('POST', '/v2/tools', tool),
      await workspace.call('POST', '/v2/agents', agent),
    ]
    if (replies.some(({ status }) => status >= 300)) throw new Error(JSON.stringify(replies))
    return workspace
  },
)

/**
 * Runs this number of tasks with this number of large results each, and plain tasks at the same time until the first of
 * them ends. Resolves with the number of plain tasks. Rejects if the worker dies.
 */
export async function runHeavy(
  { call }: Cluster,
  { tasks, results, worker }: { tasks: number; results: number; worker: AppProcess },
): Promise<number> {
  const calls = Array.from({ length: results }, (_, at) => ({ name: 'fetch', id: `c${at}` }))
  const body = { background: true, ...scripted([{ calls }, { text: 'I have read it all' }]) }
  const submissions = Array.from({ length: tasks }, () => served('POST', path, body))
  const heavy = (await Promise.all(submissions)).map((reply) => String(reply['task_id']))

  let plain = 0
  for (let left = tasks; left > 0; left = await countLeft()) {
    await runPlain()
    if (left === tasks) plain += 1
  }
  return plain

  async function runPlain(): Promise<void> {
    const submitted = await served('POST', plainPath, {
      background: true,
      ...scripted([{ text: 'yes' }]),
    })
    const own = `${plainPath}/${String(submitted['task_id'])}`
    while ((await statusOf(own)) === 'in_progress') await sleep(50)
    expect(await statusOf(own)).toBe('completed')
  }

  async function countLeft(): Promise<number> {
    const statuses = await Promise.all(heavy.map((id) => statusOf(`${path}/${id}`)))
    expect(['in_progress', 'completed']).toEqual(expect.arrayContaining(statuses))
    return statuses.filter((status) => status === 'in_progress').length
  }

  async function statusOf(task: string): Promise<unknown> {
    if (!worker.alive()) throw new Error('the worker has died')
    return (await served('GET', task))['status']
  }

  /** Megabytes of results can keep Redis busy for longer than an API waits: it says 503, and its clients repeat. */
  async function served(...request: Parameters<Cluster['call']>): Promise<Record<string, unknown>> {
    const { status, body: reply } = await call(...request)
    if (status === 503) return await sleep(200).then(() => served(...request))
    if (status >= 300) throw new Error(`${request[0]} ${request[1]}: ${JSON.stringify(reply)}`)
    return reply
  }
}
