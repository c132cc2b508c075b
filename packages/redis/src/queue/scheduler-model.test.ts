import { startRedis, volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, inject, test } from 'vitest'
import { idOf, lockMs } from './claims.fixture.ts'
import { keyHash } from './key-hash.ts'
import { fairnessKeys, names, stepsOfHistory } from './scheduler-model-steps.fixture.ts'
import { createSchedulerModel } from './scheduler-model.fixture.ts'
import type { ModelTurn } from './scheduler-model-ring.fixture.ts'

/** The number of steps of all histories. `SCHEDULER_TEST_STEPS` sets another one. */
const allSteps = Number(
  process.env['SCHEDULER_TEST_STEPS'] ?? volume({ short: 6_000, long: 2_000_000 }),
)
/** Each thread has a Redis of its own, which keeps nothing. */
const threads = volume({ short: 1, long: 2 })
const historiesEach = Math.ceil((allSteps / stepsOfHistory.average / threads) * 1.02)

test(
  'after any steps in any order, the turn that starts is the one that should, within all limits',
  async ({ onTestFinished }) => {
    const seed = inject('seed')
    const played = await Promise.all(
      Array.from({ length: threads }, async (_, at) => {
        const server = await startRedis({ flags: ['--save', '', '--appendonly', 'no'] })
        onTestFinished(() => server.stop())
        const thread = new Worker(new URL('scheduler-model-thread.fixture.ts', import.meta.url), {
          workerData: { url: server.url, seed: seed + 1_000 * at, histories: historiesEach },
        })
        onTestFinished(async () => void (await thread.terminate()))
        const [steps] = (await once(thread, 'message')) as [number]
        return steps
      }),
    )
    expect(played.reduce((sum, steps) => sum + steps, 0)).toBeGreaterThanOrEqual(allSteps * 0.98)
  },
  120_000 + allSteps * 10,
)

describe('no lane starves', () => {
  const duration = { shortest: 100, longest: 1_000 }
  test('while turns of all lanes wait, and turns last up to ten times longer than others', () => {
    const lane = fc.record({
      workspace: fc.nat(names.length - 1),
      key: fc.nat(2),
      shortest: fc.integer({ min: 100, max: 1_000 }),
    })
    const property = fc.property(
      fc.uniqueArray(lane, { minLength: 2, maxLength: 6, selector: laneName }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (lanes, count, random) => {
        const gaps = longestGaps(lanes, count, random)
        // Workspaces share the time, and so do the lanes of each.
        const sharers = new Set(lanes.map((of) => of.workspace)).size * lanes.length
        const ratio = duration.longest / duration.shortest
        expect(Math.max(...gaps.values())).toBeLessThanOrEqual(sharers * (ratio + 1) + count)
      },
    )
    fc.assert(property, { numRuns: volume({ short: 50, long: 2_000 }) })
  })

  type LaneOfTest = { workspace: number; key: number; shortest: number }
  function laneName(of: LaneOfTest): string {
    return `${names[of.workspace]}/${fairnessKeys[of.key]}`
  }

  /** How many turns of others start, at most, between two turns of each lane. Each lane always has a queued turn. */
  function longestGaps(
    lanes: LaneOfTest[],
    count: number,
    random: Iterator<number>,
  ): Map<string, number> {
    const model = createSchedulerModel()
    const shortestOf = new Map(lanes.map((of) => [laneName(of), of.shortest]))
    let [now, made] = [0, 0]
    function submit(of: LaneOfTest): void {
      made += 1
      const [name, key] = laneName(of).split('/') as [string, string]
      model.submit(idOf(made), now, { workspace: name, key, delay: 0, deadlineMs: Infinity })
    }
    const laneOf = new Map(lanes.map((of) => [laneName(of), of]))
    for (const of of lanes) submit(of)
    const gaps = new Map(lanes.map((of) => [laneName(of), 0]))
    const since = new Map(gaps)
    const ends: { turn: ModelTurn; at: number }[] = []
    const keyOf = new Map(fairnessKeys.map((key) => [keyHash(key), key]))
    for (let starts = 0; starts < 600;) {
      while (ends.length < count) {
        const turn = model.claim(now, lockMs)
        if (turn === undefined) throw new Error('nothing was claimed')
        starts += 1
        const name = `${turn.workspace}/${keyOf.get(turn.key)}`
        submit(laneOf.get(name)!)
        for (const [other, waited] of since) since.set(other, other === name ? 0 : waited + 1)
        for (const [other, waited] of since) gaps.set(other, Math.max(gaps.get(other) ?? 0, waited))
        const shortest = shortestOf.get(name) ?? duration.shortest
        const ms = shortest + Number(random.next().value) * (duration.longest - shortest)
        ends.push({ turn, at: now + Math.floor(ms) })
      }
      ends.sort((a, b) => a.at - b.at)
      const first = ends.shift()!
      now = first.at
      model.end(first.turn, now)
    }
    return gaps
  }
})
