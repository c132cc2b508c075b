import { startCluster, startFlakyProxy } from '@longhaul/testbed/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../until.ts'
import { startReplicated } from './primary-replica.ts'

/** The value of `min-replicas-max-lag` in seconds; undefined without `min-replicas-to-write`. */
export type Safety = { maxLag?: number }

type Options = { lagMs: number; safety: Safety }
type AtEnd = (step: () => unknown) => void

const clients = 8
const agent = {
  key: 'bench',
  role: 'Assistant',
  description: 'Answers.',
  instructions: 'Answer.',
  path: 'Default',
  model: 'openai/scripted',
  settings: {},
}
const request = {
  background: true,
  message: { role: 'user', parts: [{ kind: 'text', text: 'Where is my parcel?' }] },
}

/** A failover of the product under load: clients submit tasks before, meanwhile and after. */
export async function runFailover({ lagMs, safety: { maxLag } }: Options, atEnd: AtEnd) {
  const { primary, replica, failOver } = await startReplicated(flagsOf(maxLag), atEnd)
  const toPrimary = await startFlakyProxy(primary.url)
  atEnd(() => toPrimary.close())
  const cluster = await startCluster({ redisUrl: toPrimary.url, workers: 1 })
  atEnd(() => cluster.kill())
  const created = await cluster.call('POST', '/v2/agents', agent)
  if (created.status >= 300) throw new Error(`the agent was refused: ${created.status}`)
  const path = '/v2/agents/bench/responses'
  const accepted: string[] = []
  let refused = 0
  const acceptedAt: number[] = []
  const over = new AbortController()
  async function submit(): Promise<void> {
    while (!over.signal.aborted) {
      const { status, body } = await cluster.call('POST', path, request)
      if (status === 200) {
        accepted.push(String(body['task_id']))
        acceptedAt.push(performance.now())
      } else {
        refused += 1
        await sleep(20)
      }
    }
  }
  const submitting = Array.from({ length: clients }, submit)
  await sleep(2_000)
  await failOver(lagMs)
  const failedAt = performance.now()
  toPrimary.lead(replica.url)
  toPrimary.reset()
  const firstAfter = () => acceptedAt.find((at) => at > failedAt)
  await until(() => Promise.resolve(firstAfter() !== undefined))
  const afterMs = Math.round((firstAfter() ?? 0) - failedAt)
  await sleep(500)
  over.abort()
  await Promise.all(submitting)
  let lost = 0
  for (const task of accepted) {
    const { status } = await cluster.call('GET', `${path}/${task}`)
    if (status === 404) lost += 1
  }
  return { accepted: accepted.length, refused, lost, afterMs }
}

function flagsOf(maxLag: number | undefined): string[] {
  const usual = ['--repl-diskless-sync-delay', '0']
  if (maxLag === undefined) return usual
  return [...usual, '--min-replicas-to-write', '1', '--min-replicas-max-lag', String(maxLag)]
}
