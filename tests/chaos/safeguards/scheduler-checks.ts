import type { TaskScript } from '../tasks/task-script.ts'
import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

const ring = 'packages/redis/src/lua/lib/ring.lua'

/** The scheduler starts no turn above a limit, none in a pause, and always the one that is next. */
export const schedulerChecks: Safeguard[] = [
  {
    name: 'the limit of running turns',
    cuts: [{ file: ring, piece: 'and not isFull(state)', becomes: '' }],

    async experiment(cuts, atEnd) {
      const testbed = await startSafeguardTestbed({ cuts, workers: 1 }, atEnd)
      await testbed.cluster.limits.set('limited', { running: 1 })
      return await violationsOf(testbed, tasksOf('limited', 3))
    },
  },
  {
    name: 'the pause of a workspace',
    cuts: [{ file: ring, piece: 'not state.isPaused and', becomes: '' }],

    async experiment(cuts, atEnd) {
      const testbed = await startSafeguardTestbed({ cuts, workers: 1 }, atEnd)
      const { limits } = testbed.cluster
      await limits.set('limited', { paused: true })
      // A turn of another workspace that ends shows that turns start.
      const paused = violationsOf(testbed, tasksOf('limited', 1))
      await testbed.runClient({ ...oneTask('sync', [200]), number: 9 })
      await limits.set('limited', { paused: false })
      return await paused
    },
  },
  {
    name: 'the order of workspaces',
    cuts: [
      {
        file: 'packages/redis/src/lua/lib/claim-next.lua',
        piece: "redis.call('ZRANGE', ring, '0', '5', 'WITHSCORES')",
        becomes: "redis.call('ZREVRANGE', ring, 0, 5, 'WITHSCORES')",
      },
    ],

    async experiment(cuts, atEnd) {
      const testbed = await startSafeguardTestbed({ cuts, workers: 1, slots: 2 }, atEnd)
      const noisy = violationsOf(testbed, tasksOf('noisy', 8))
      await testbed.vendors.onRequest({ task: 1, step: 1 }, AbortSignal.timeout(20_000))
      await testbed.runClient({ ...oneTask('background', [0]), number: 9 })
      return await noisy
    },
  },
]

type Testbed = Awaited<ReturnType<typeof startSafeguardTestbed>>

function tasksOf(workspace: 'limited' | 'noisy', count: number): TaskScript[] {
  return Array.from({ length: count }, (_, place) => {
    return { ...oneTask('background', [500]), number: place + 1, workspace }
  })
}

async function violationsOf(testbed: Testbed, tasks: TaskScript[]) {
  testbed.losePatienceAfter(20_000)
  const [client] = await Promise.all(tasks.map((task) => testbed.runClient(task)))
  const [first] = tasks
  if (first === undefined || client === undefined) throw new Error('there is no task')
  return await testbed.violations(first, client)
}
