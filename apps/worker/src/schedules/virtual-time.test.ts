import { newScheduleState, type Schedule } from '@longhaul/core'
import { type Backend, createBackend } from '@longhaul/redis'
import { type Cluster, volume } from '@longhaul/testbed'
import { monotonicFactory } from 'ulid'
import { describe, expect, inject } from 'vitest'
import { redisTest } from '../plain.fixture.ts'
import { faultsOf } from './check-runs.fixture.ts'
import { type Fault, runSchedules } from './run-schedules.fixture.ts'
import { createRandom, type Random, randomSchedule, randomSpan } from './random-schedule.fixture.ts'

/** All schedules, and those that run at once. */
const schedules = volume({ short: 20, long: 1_000 })
const atOnce = Math.min(schedules, 50)

const test = redisTest
  .extend('backend', async ({ cluster }, { onCleanup }) => {
    await cluster.killAllBut([])
    const backend = createBackend({
      server: cluster.redisUrl,
      purpose: 'work',
      shards: 1,
      onError() {},
    })
    onCleanup(() => {
      for (const each of Object.values(backend.connections)) each.disconnect()
    })
    return backend
  })
  .extend('agentId', async ({ cluster }) => {
    const { body } = await cluster.call('GET', '/v2/agents/plain')
    return String(body['_id'])
  })

type Around = { cluster: Cluster; backend: Backend; agentId: string; random: Random; fault?: Fault }

/** Runs new schedules through a span in which clocks change. Resolves with what was wrong. */
async function observe(count: number, { cluster, backend, agentId, random, fault }: Around) {
  const span = randomSpan(random)
  const newId = monotonicFactory(random.fraction)
  const made: Schedule[] = []
  while (made.length < count) {
    const id = newId(span.from)
    const own = { id: `${id.slice(0, 10)}0${id.slice(11)}`, workspace: cluster.workspace, agentId }
    const schedule = randomSchedule(own, span, random)
    if (hasTimes(schedule, span)) made.push(schedule)
  }
  const observed = await runSchedules(made, { backend, random, ...span, ...(fault && { fault }) })
  const faults = made.flatMap((schedule) => faultsOf(schedule, observed, span))
  return { ...observed, faults }
}

/** Whether a schedule has a time in the span. One without is refused at its creation. */
function hasTimes(schedule: Schedule, { from }: { from: number }): boolean {
  try {
    newScheduleState(schedule, from)
    return true
  } catch {
    return false
  }
}

test(
  'no occurrence fires twice or is lost, and overlaps are as they should be',
  async ({ cluster, backend, agentId }) => {
    const random = createRandom(inject('seed'))
    const total = { schedules: 0, starts: 0, kills: 0 }
    const reasons = new Set<string>()
    while (total.schedules < schedules) {
      const observed = await observe(atOnce, { cluster, backend, agentId, random })
      expect(observed.faults).toEqual([])
      const skipped = [...observed.records.values()]
        .flat()
        .filter(({ status }) => status !== 'started')
      // Each of them has its event.
      const times = observed.events.map(
        ({ data }) => `${String(data['id'])} ${String(data['run_id'])}`,
      )
      expect(new Set(times).size).toBe(skipped.length)
      total.schedules += atOnce
      total.starts += observed.starts.length
      for (const { reason = '' } of skipped) reasons.add(reason)
      total.kills += observed.kills
    }
    const all = ['missed', 'overlap', 'superseded']
    // Few schedules do not have each of them.
    expect([...reasons].filter((reason) => !all.includes(reason))).toEqual([])
    if (schedules === 1_000) expect(reasons.size).toBe(all.length)
    expect(total.starts).toBeGreaterThan(2 * schedules)
    expect(total.kills).toBeGreaterThan(0)
  },
  120_000 + schedules * 2_000,
)

describe.each(['doubled fire', 'lost fire', 'wrong zone'] as const)('a %s', (fault) => {
  test('is found', async ({ cluster, backend, agentId }) => {
    const random = createRandom(inject('seed'))
    const { faults } = await observe(20, { cluster, backend, agentId, random, fault })
    expect(faults.join('\n')).toMatch(found[fault])
  })
})

const found: Record<Fault, RegExp> = {
  'doubled fire': /has 2 tasks/,
  'lost fire': /is missing/,
  'wrong zone': /is no time of it/,
}
