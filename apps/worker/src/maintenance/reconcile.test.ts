import type { Job, TaskStore, Maintenance } from '@longhaul/core'
import { createLogger } from '@longhaul/process'
import { expect, onTestFinished, test } from 'vitest'
import { reconcile } from './reconcile.ts'
import { startChores } from './run-chores.ts'

test('a job that cannot be added does not delay those after it', async () => {
  const { added } = startPasses({ everyMs: 10 })
  await expect.poll(() => added).toEqual([1, 3])
})

test('a stage that fails is logged with its name and does not stop the others', async () => {
  const { logged, ended } = startPasses({ everyMs: 600_000 })
  await expect.poll(() => logged).toContain('deleted agents: no agents')
  expect(logged).toEqual([
    'leases: refused',
    'outbox: no outbox',
    'deadlines: one failed',
    'answers: no answers',
    'deleted agents: no agents',
  ])
  expect(ended).toEqual(['lease-expired 3', 'deadline 2'])
})

test('a job that only waits is no repair, and a failed lookup does not delay the others', async () => {
  const due = [1, 2, 3, 4].map((turn): Job => ({ taskId: 't', turn, segment: 1 }))
  const { ended, logged } = startPasses({ everyMs: 600_000, due })
  await expect.poll(() => logged).toContain('deleted agents: no agents')
  expect(ended).toEqual(['lease-expired 3', 'enqueued 1', 'deadline 2'])
  expect(logged).toContain('outbox: refused')
})

/** Runs a pass in which every stage fails. Three leases have expired, and the job of the second is refused. */
function startPasses({ everyMs, due }: { everyMs: number; due?: Job[] }) {
  const jobs = [1, 2, 3].map((turn): Job => ({ taskId: 't', turn, segment: 1 }))
  const maintenance: Partial<Maintenance> = {
    expireLeases: () => Promise.resolve({ jobs: jobs.splice(0), failures: [] }),
    dueOutbox: due === undefined ? failing('no outbox') : () => Promise.resolve(due),
    serveDeadlines: () =>
      Promise.resolve({ ended: 2, resumed: 0, failures: [new Error('one failed')] }),
    serveAnswers: failing('no answers'),
    deletedAgents: failing('no agents'),
  }
  const added: number[] = []
  const ended: string[] = []
  const logged: string[] = []
  const log = createLogger({ name: 'test', level: 'silent' })
  log.warn = ({ err, stage }: { err: Error; stage: string }) => {
    logged.push(`${stage}: ${err.message}`)
  }
  const run = reconcile({
    store: {} as TaskStore,
    maintenance: maintenance as Maintenance,
    queue: {
      async enqueue({ turn }) {
        if (turn === 2) throw new Error('refused')
        added.push(turn)
      },
      async restore({ turn }) {
        if (turn === 2) throw new Error('refused')
        return turn === 3
      },
    },
    shards: 1,
    repaired: (kind, count) => ended.push(`${kind} ${count}`),
    resumed: () => {},
  })
  const chores = startChores([{ name: 'reconcile', everyMs, firstMs: 0, run }], log)
  onTestFinished(() => chores.stop())
  return { added, ended, logged }
}

function failing(message: string) {
  return () => Promise.reject(new Error(message))
}
