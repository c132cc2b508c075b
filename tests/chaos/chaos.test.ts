import { describe, expect, test } from 'vitest'
import { validEvidence } from './evidence/valid-evidence.fixture.ts'
import { chooseFaults } from './faults/choose-faults.ts'
import { deaths, outages, plannedKinds, troubles } from './faults/fault-kinds.ts'
import { findPressures } from './faults/memory-pressure.ts'
import { transientModelFailures } from './tasks/model-failures.ts'
import { burstLength, burstMs, kindsOf, planFaults, poisonKills } from './faults/plan-faults.ts'
import { recoveryTimes } from './evidence/recovery-times.ts'
import { scriptTasks } from './tasks/script-tasks.ts'

const seeds = Array.from({ length: 50 }, (_, at) => at + 1)

describe('a plan of faults', () => {
  const options = { seed: 1, ms: 75_000, kills: 20, poisons: 1 }

  test('is the same for the same seed, and differs for another seed', () => {
    expect(planFaults(options)).toEqual(planFaults(options))
    expect(planFaults({ ...options, seed: 2 })).not.toEqual(planFaults(options))
  })

  test.for(seeds)('has every kind and the requested number of kills (seed %i)', (seed) => {
    const plan = planFaults({ ...options, seed, ms: 1_000 })
    const kinds = [...plan.deaths, ...plan.troubles, ...plan.outages].map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set([...deaths, ...troubles, ...outages]))
    expect(new Set(kindsOf(plan))).toEqual(new Set(plannedKinds))
    const kills = kinds.filter((kind) => kind === deaths[0]).length
    expect(kills + plan.poisons.length * poisonKills).toBe(20)
  })

  test('leaves out kinds that the system does not support', () => {
    const plan = planFaults({ ...options, without: ['Redis disk full'] })
    expect(plan.troubles.map(({ kind }) => kind)).not.toContain('Redis disk full')
  })

  test.for(plannedKinds)('can leave out one kind, or all others: %s', (kind) => {
    const rest = plannedKinds.filter((each) => each !== kind)
    expect(new Set(kindsOf(planFaults({ ...options, without: [kind] })))).toEqual(new Set(rest))
    expect(kindsOf(planFaults({ ...options, without: rest }))).toEqual([kind])
  })

  test.for(seeds)(
    'has outages of one second to one minute, longer in longer runs (seed %i)',
    (seed) => {
      const whole = planFaults({ ...options, seed, ms: 280_000 }).outages.map(({ ms }) => ms)
      const quick = planFaults({ ...options, seed }).outages.map(({ ms }) => ms)
      expect(Math.min(...whole, ...quick)).toBeGreaterThanOrEqual(1_000)
      expect(Math.max(...whole)).toBeGreaterThan(10_000)
      expect(Math.max(...whole)).toBeLessThanOrEqual(60_000)
      expect(Math.max(...quick)).toBeLessThan(20_000)
    },
  )

  test.for(seeds)(
    'has one outage at a time, followed by a pause of the same length (seed %i)',
    (seed) => {
      const plan = planFaults({ ...options, seed })
      const times = [
        ...plan.outages.map(({ at, ms }) => ({ at, end: at + ms })),
        ...plan.pressures.map((at) => ({ at, end: at })),
      ].toSorted((a, b) => a.at - b.at)
      expect(times.slice(1).every(({ at }, place) => at > (times[place]?.end ?? 0))).toBe(true)
      expect(plan.outages.filter(({ at, ms }) => at + 2 * ms > plan.ms)).toEqual([])
    },
  )

  test.for(seeds)('has bursts of at most two moments, and a pause after each (seed %i)', (seed) => {
    const plan = planFaults({ ...options, seed, kills: 50 })
    const times = [...new Set(plan.deaths.map(({ at }) => at))]
    const begins = times.filter((at, place) => at - (times[place - 1] ?? -Infinity) > burstLength)
    const pauses = begins.slice(1).map((at, place) => at - (begins[place] ?? 0))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(burstMs)
    expect(times.length).toBeLessThanOrEqual(2 * begins.length)
  })

  test.for(seeds)('has no other deaths near a poisonous task (seed %i)', (seed) => {
    const plan = planFaults({ ...options, seed, ms: 300_000, poisons: 3 })
    expect(plan.poisons).toHaveLength(3)
    for (const from of plan.poisons) {
      const near = plan.deaths.filter(({ at }) => at > from - 4_000 && at < from + 20_000)
      expect(near).toEqual([])
    }
  })
})

describe('a choice of faults', () => {
  test('is all kinds, only those with the given prefixes, or all but those', () => {
    expect(chooseFaults({}).without).toEqual([])
    expect(chooseFaults({ faults: 'worker killed' }).without).toEqual(
      plannedKinds.filter((kind) => !kind.startsWith('worker killed')),
    )
    expect(chooseFaults({ without: 'model answers, memory' }).without).toEqual([
      'model answers 429',
      'model answers 503',
      'memory pressure',
    ])
  })

  test('refuses a prefix that matches no kind, and names the kinds', () => {
    expect(chooseFaults({ without: 'modle' }).problem).toContain('worker killed, worker frozen')
  })
})

describe('the scripts of tasks', () => {
  const options = { seed: 1, tasks: 200, ms: 75_000, poisons: [30_000], pressures: [40_000] }
  const tasks = scriptTasks(options)

  test('are the same for the same seed, and differ for another seed', () => {
    expect(scriptTasks(options)).toEqual(tasks)
    expect(scriptTasks({ ...options, seed: 2 })).not.toEqual(tasks)
  })

  test('have unique numbers, and are sorted by time', () => {
    expect(new Set(tasks.map(({ number }) => number)).size).toBe(297)
    expect(tasks.map(({ at }) => at)).toEqual(tasks.map(({ at }) => at).toSorted((a, b) => a - b))
  })

  test('contain every mode, tool, failure and end', () => {
    const steps = tasks.flatMap((task) => task.steps)
    const calls = steps.flatMap((step) => step.calls)
    const ends = tasks.map(({ outcome }) =>
      outcome.status === 'failed' ? outcome.httpStatus : outcome.reason,
    )
    const failing = steps.flatMap(({ replies }) =>
      replies.length > 1 ? JSON.stringify({ ...replies[0], text: typeof replies[0]?.text }) : [],
    )
    expect(new Set(tasks.map(({ mode }) => mode)).size).toBe(3)
    expect(new Set(calls.map(({ tool }) => tool)).size).toBe(6)
    expect(new Set(calls.map(({ service }) => service)).size).toBe(7)
    expect(new Set(calls.flatMap(({ flaw }) => flaw ?? [])).size).toBe(3)
    expect(new Set(ends)).toEqual(new Set(['stop', 'max_iterations', 500, 502, 429]))
    expect(new Set(failing).size).toBe(Object.keys(transientModelFailures).length)
    expect(tasks.filter(({ twins }) => twins).length).toBeGreaterThan(0)
    expect(tasks.filter(({ poisonous }) => poisonous)).toHaveLength(1)
    expect(new Set(tasks.map(({ workspace }) => workspace)).size).toBe(3)
    expect(new Set(tasks.map(({ fairnessKey }) => fairnessKey)).size).toBe(4)
    expect(new Set(tasks.map(({ priority }) => priority)).size).toBe(6)
    const moments = tasks.flatMap(({ cancel, steps: { length } }) =>
      cancel === undefined ? [] : cancel.step === length ? 'last' : Math.sign(cancel.step),
    )
    expect(new Set(moments)).toEqual(new Set(['last', 0, 1]))
  })
})

describe('memory pressure', () => {
  test('is recorded when a worker with a small heap sends a model the results of a heavy task', () => {
    const { evidence, task } = validEvidence()
    task.script.heavy = 40_000
    const small = new Set(['worker-1'])
    expect(findPressures([task], { asked: evidence.asked, small })).toEqual([
      { kind: 'memory pressure', from: 1_800, to: 2_000, victims: ['worker-1'] },
    ])
    expect(findPressures([task], { asked: evidence.asked, small: new Set() })).toEqual([])
    delete task.script.heavy
    expect(findPressures([task], { asked: evidence.asked, small })).toEqual([])
  })
})

test('recovery is measured from a death to the next worker, and for other faults from their end', () => {
  const { evidence } = validEvidence()
  const seen = { responseId: 'resp_1', task: 1, step: 1 }
  evidence.served = []
  evidence.asked = [
    { ...seen, at: 1_100, worker: 'worker-1' },
    { ...seen, at: 3_150, worker: 'worker-2' },
  ]
  evidence.faults = [
    { kind: 'worker killed', from: 1_150, to: 1_160, victims: ['worker-1'] },
    { kind: 'Redis frozen', from: 2_000, to: 3_000, victims: [] },
  ]
  expect([...recoveryTimes(evidence)]).toEqual([
    ['worker killed', [2_000]],
    ['Redis frozen', [150]],
  ])
})
