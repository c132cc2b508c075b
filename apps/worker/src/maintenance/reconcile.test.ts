import type { Maintenance, TaskStore } from '@longhaul/core'
import { createLogger } from '@longhaul/process'
import { expect, onTestFinished, test } from 'vitest'
import { reconcile } from './reconcile.ts'
import { startChores } from './run-chores.ts'

test('a stage that fails is logged with its name and does not stop the others', async () => {
  const { logged, ended } = startPasses({
    expireLeases: () => Promise.resolve({ expired: 3, failures: [new Error('refused')] }),
    adopt: failing('no adoption'),
    checkWorkspaces: failing('no check'),
    serveDeadlines: () =>
      Promise.resolve({ ended: 2, resumed: 0, failures: [new Error('one failed')] }),
    serveExpiries: failing('no expiries'),
    queueDue: failing('no starts'),
    serveAnswers: failing('no answers'),
    deletedAgents: failing('no agents'),
    findWork: failing('no look'),
  })
  await expect.poll(() => logged).toContain('tickets: no look')
  expect(logged).toEqual([
    'leases: refused',
    'former: no adoption',
    'workspaces: no check',
    'deadlines: one failed',
    'expiries: no expiries',
    'starts: no starts',
    'answers: no answers',
    'deleted agents: no agents',
    'tickets: no look',
  ])
  expect(ended).toEqual(['lease-expired 3', 'deadline 2'])
})

test('a ticket is added when none waits, or when work and a slot were there for a whole pass', async () => {
  const looks = [
    { isStartable: true, waiting: 0 },
    { isStartable: false, waiting: 0 },
    { isStartable: true, waiting: 4 },
    { isStartable: true, waiting: 4 },
  ]
  let added = 0
  const pass = reconcile({
    ...quiet,
    maintenance: {
      ...idle,
      findWork: () => Promise.resolve({ returnsInMs: undefined, ...looks.shift()! }),
    },
    tickets: {
      async add() {
        added += 1
      },
    },
  })
  const signal = new AbortController().signal
  const counts: number[] = []
  while (looks.length > 0) {
    await pass({ signal, failed: (error) => expect.unreachable(String(error)) })
    counts.push(added)
  }
  expect(counts).toEqual([1, 1, 1, 2])
})

test('the next pass comes when something is due', async () => {
  const signal = new AbortController().signal
  const pass = (returnsInMs: number | undefined, dueInMs: number) =>
    reconcile({
      ...quiet,
      maintenance: {
        ...idle,
        nextDue: () => Promise.resolve(dueInMs),
        findWork: () => Promise.resolve({ isStartable: false, waiting: 0, returnsInMs }),
      },
    })({ signal, failed: (error) => expect.unreachable(String(error)) })
  expect(await pass(undefined, Infinity)).toBeUndefined()
  expect(await pass(700, 3_000)).toBe(700)
  expect(await pass(undefined, 3_000)).toBe(3_000)
  expect(await pass(0, 3_000)).toBe(200)
})

test('a pass queues all turns whose start has come, and the next one comes with the next start', async () => {
  const batches = [500, 500, 3]
  const pass = reconcile({
    ...quiet,
    maintenance: {
      ...idle,
      findWork: () => Promise.resolve({ isStartable: false, waiting: 0, returnsInMs: undefined }),
      queueDue: (_, limit) => {
        expect(limit).toBe(500)
        return Promise.resolve({ queued: batches.shift()!, nextInMs: 1_234 })
      },
    },
  })
  const signal = new AbortController().signal
  expect(await pass({ signal, failed: (error) => expect.unreachable(String(error)) })).toBe(1_234)
  expect(batches).toEqual([])
})

/** Maintenance without work. */
const idle = {
  expireLeases: () => Promise.resolve({ expired: 0, failures: [] }),
  adopt: () => Promise.resolve({ adopted: 0, isMoreLeft: false }),
  checkWorkspaces: () => Promise.resolve(0),
  recheckTurns: () => Promise.resolve(0),
  serveDeadlines: () => Promise.resolve({ ended: 0, resumed: 0, failures: [] }),
  serveExpiries: () => Promise.resolve({ expired: 0, failures: [] }),
  queueDue: () => Promise.resolve({ queued: 0, nextInMs: undefined }),
  serveAnswers: () => Promise.resolve(0),
  deletedAgents: () => Promise.resolve([]),
  nextDue: () => Promise.resolve(Infinity),
} as Partial<Maintenance> as Maintenance

const quiet = {
  store: {} as TaskStore,
  maintenance: idle,
  tickets: { add: () => Promise.resolve() },
  shards: 1,
  hasFreeSlot: () => true,
  repaired: () => {},
  resumed: () => {},
  schedules: { removeOfAgent: () => Promise.resolve(0) },
}

/** Runs a pass with stages that fail. */
function startPasses(maintenance: Partial<Maintenance>) {
  const ended: string[] = []
  const logged: string[] = []
  const log = createLogger({ name: 'test', level: 'silent' })
  log.warn = ({ err, stage }: { err: Error; stage: string }) => {
    logged.push(`${stage}: ${err.message}`)
  }
  const run = reconcile({
    ...quiet,
    maintenance: { ...idle, ...maintenance },
    repaired: (kind, count) => ended.push(`${kind} ${count}`),
  })
  const chores = startChores([{ name: 'reconcile', everyMs: 600_000, firstMs: 0, run }], log)
  onTestFinished(() => chores.stop())
  return { ended, logged }
}

function failing(message: string) {
  return () => Promise.reject(new Error(message))
}
