import { describe, expect, test } from 'vitest'
import { honestEvidence } from './honest.fixture.ts'
import { deaths, type FaultKind, faultKinds, planFaults, takeover } from './plan-faults.ts'
import { recoveryTimes } from './recovery.ts'
import { modelTroubles, scriptTasks } from './script-task.ts'

const seeds = Array.from({ length: 50 }, (_, at) => at + 1)

describe('a plan of faults', () => {
  test('is the same for the same seed, and another for another', () => {
    const options = { seed: 1, ms: 75_000, kills: 20 }
    expect(planFaults(options)).toEqual(planFaults(options))
    expect(planFaults({ ...options, seed: 2 })).not.toEqual(planFaults(options))
  })

  test.for(seeds)('has every kind and every kill that was asked for (seed %i)', (seed) => {
    const kinds = planFaults({ seed, ms: 1_000, kills: 20 }).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(faultKinds))
    expect(kinds.filter((kind) => kind === 'worker killed')).toHaveLength(20)
  })

  test.for(seeds)('leaves each turn a pause among any three deaths (seed %i)', (seed) => {
    const times = planFaults({ seed, ms: 75_000, kills: 20 }).flatMap(({ kind, at }) =>
      (deaths as readonly FaultKind[]).includes(kind) ? at : [],
    )
    const gaps = times.slice(1).map((at, place) => at - (times[place] ?? 0))
    for (const [place, gap] of gaps.slice(1).entries()) {
      expect(Math.max(gaps[place] ?? 0, gap)).toBeGreaterThanOrEqual(takeover)
    }
  })
})

describe('the scripts of tasks', () => {
  const tasks = scriptTasks({ seed: 1, tasks: 200, ms: 75_000 })

  test('are the same for the same seed, and others for another', () => {
    expect(scriptTasks({ seed: 1, tasks: 200, ms: 75_000 })).toEqual(tasks)
    expect(scriptTasks({ seed: 2, tasks: 200, ms: 75_000 })).not.toEqual(tasks)
  })

  test('hold every mode, tool, trouble and end', () => {
    const steps = tasks.flatMap((task) => task.steps)
    const calls = steps.flatMap((step) => step.calls)
    const ends = tasks.map(({ outcome }) =>
      outcome.status === 'failed' ? outcome.httpStatus : outcome.status,
    )
    const troubles = steps.flatMap(({ replies }) =>
      replies.length > 1 ? JSON.stringify({ ...replies[0], text: typeof replies[0]?.text }) : [],
    )
    expect(new Set(tasks.map(({ mode }) => mode)).size).toBe(3)
    expect(new Set(calls.map(({ tool }) => tool)).size).toBe(4)
    expect(new Set(calls.map(({ service }) => service)).size).toBe(4)
    expect(new Set(ends)).toEqual(new Set(['completed', 502, 429]))
    expect(new Set(troubles).size).toBe(Object.keys(modelTroubles).length)
  })
})

test('the time until work goes on is counted from a death to the next worker, else from the end of the fault', () => {
  const { evidence } = honestEvidence()
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
