import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoff } from './backoff.ts'
import { decide } from './decide.ts'
import type { Fact, ModelFailed, NewFact } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import { limits } from '../limits/limits.ts'
import type { ModelChoice, Plan } from '../manifest/plan.ts'

const seconds = 1_000
const minute = 60 * seconds
const alone: ModelChoice[] = [{ id: 'a/one' }]
const chain: ModelChoice[] = [{ id: 'a/one' }, { id: 'b/two' }, { id: 'c/three' }]
const busy = { status: 503, retryable: true }
const wrongKey = { status: 401, retryable: false }
const empty = { retryable: true, unusable: true as const }

const chance = fc.double({ min: 0, max: 1, noNaN: true })
const chances = fc.array(chance, { minLength: 20, maxLength: 20 })

describe('a call of a model without `retry`', () => {
  test('succeeds once its vendor is available again, within the patience', () => {
    fc.assert(
      fc.property(fc.nat(10 * minute - 1), chances, (outage, random) => {
        const { tries, end } = run({ random, fails: ({ at }) => at <= outage && busy })
        expect(end).toBe('answered')
        const last = tries.at(-1)?.at ?? 0
        expect(last).toBeGreaterThan(outage)
        expect(last - outage).toBeLessThanOrEqual(limits.model.backoffMax + 1)
      }),
    )
  })

  test('is repeated with growing pauses of at most a minute, until the patience ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * minute }), chances, (patience, random) => {
        const { tries, end } = run({ patience, random, fails: () => busy })
        expect(end).toMatch(/^provider_failed: no \(\d+ tries in \d+ s; /)
        const pauses = tries.slice(1).map(({ at }, before) => at - (tries[before]?.at ?? 0))
        for (const [at, pause] of pauses.slice(0, -1).entries()) {
          const full = Math.min(limits.model.backoff * 2 ** at, limits.model.backoffMax)
          expect(pause).toBeGreaterThanOrEqual(Math.floor(full / 2))
          expect(pause).toBeLessThanOrEqual(full + 1)
        }
        expect(pauses.at(-1)).toBeLessThanOrEqual(limits.model.backoffMax + 1)
        expect(tries.at(-1)?.at).toBe(patience)
      }),
    )
  })

  test('waits no longer when workers die or are late', () => {
    fc.assert(
      fc.property(fc.nat(20 * seconds), chances, (late, random) => {
        const { tries, end } = run({ random, late, fails: () => busy })
        expect(end).toMatch(/^provider_failed/)
        expect(tries.at(-1)?.at).toBeGreaterThanOrEqual(10 * minute)
        expect(tries.at(-1)?.at).toBeLessThanOrEqual(10 * minute + late)
      }),
    )
  })

  test('is never made before the time that its vendor requests', () => {
    fc.assert(
      fc.property(fc.nat(12 * minute), chances, (retryAfter, random) => {
        const { tries, end } = run({ random, fails: () => ({ ...busy, retryAfter }) })
        for (const [before, { at }] of tries.slice(1).entries()) {
          expect(at - (tries[before]?.at ?? 0)).toBeGreaterThanOrEqual(retryAfter)
        }
        expect(end).toMatch(/^provider_failed: no /)
        expect(tries.length > 1).toBe(retryAfter <= 10 * minute)
        expect(/it asks for a pause of \d+ s; /.test(end)).toBe(retryAfter > 10 * minute)
        expect(tries.length).toBeLessThan(40)
      }),
    )
  })

  test('is made once without patience', () => {
    expect(run({ patience: 0, fails: () => busy }).tries).toHaveLength(1)
  })

  test('is repeated for no longer than its caller waits', () => {
    const { tries, end } = run({ callerWait: 30 * seconds, fails: () => busy })
    expect(tries.at(-1)?.at).toBe(30 * seconds)
    expect(end).toContain('at most 30 s')
  })

  test('fails at once when another try cannot succeed', () => {
    const { tries, end } = run({ fails: ({ tries: made }) => (made < 3 ? busy : wrongKey) })
    expect(tries).toHaveLength(4)
    expect(end).toBe('provider_failed: no')
  })

  test('is repeated a few times after unusable answers, in addition to those of an outage', () => {
    const { tries, end } = run({ fails: ({ tries: made }) => (made < 5 ? busy : empty) })
    expect(tries).toHaveLength(5 + 1 + limits.model.retries)
    expect(end).toBe('provider_failed: no')
  })

  test('has its full patience again after an answered step', () => {
    const first = [failed({ at: 0 }), ...calling(9 * minute)]
    const second = failed({ at: 30 * minute, step: 2, wait: 700 })
    const action = decide(fold([began, ...first, second]), planOf(alone))
    expect(action).toMatchObject({ type: 'CallModel', step: 2, wait: { ms: 700 } })
  })

  test('continues with failures that an earlier version recorded', () => {
    const facts = [0, 1, 3].map((at) => failed({ at: at * seconds, wait: 2 * seconds }))
    const state = fold([began, ...facts])
    expect(decide(state, planOf(alone))).toMatchObject({ type: 'CallModel', wait: { ms: 2_000 } })
    expect(decide(state, planOf(alone), 3 * seconds)).toMatchObject({ type: 'Finish' })
  })
})

describe('a chain of models', () => {
  test('is tried without a wait first, each model twice', () => {
    const { tries } = run({ models: chain, fails: ({ tries: made }) => made < 6 && busy })
    expect(tries.map(({ modelIndex }) => modelIndex)).toEqual([0, 0, 1, 1, 2, 2, 0])
    expect(tries.at(-2)?.at).toBeLessThanOrEqual(3 * limits.model.backoff)
  })

  test('then waits, and each model is called again after its own pause', () => {
    fc.assert(
      fc.property(fc.nat(10 * minute - 1), chances, (outage, random) => {
        const fails = ({ at }: Try) => at <= outage && busy
        const { tries, end } = run({ models: chain, random, fails })
        expect(end).toBe('answered')
        expect((tries.at(-1)?.at ?? 0) - outage).toBeLessThanOrEqual(limits.model.backoffMax + 1)
        for (const modelIndex of chain.keys()) {
          const own = tries.filter((each) => each.modelIndex === modelIndex)
          expect(own.length).toBeLessThan(30)
        }
      }),
    )
  })

  test('leaves a model that requests a pause at once, and returns to it', () => {
    const retryAfter = 20 * seconds
    const fails = ({ modelIndex, at }: Try) =>
      modelIndex === 0 ? at < retryAfter && { ...busy, retryAfter } : at < minute && busy
    const { tries, end } = run({ models: chain.slice(0, 2), fails })
    expect(tries.slice(0, 2)).toMatchObject([{ modelIndex: 0 }, { modelIndex: 1, at: 0 }])
    expect(end).toBe('answered')
    expect(tries.at(-1)?.modelIndex).toBe(0)
    expect(tries.at(-1)?.at).toBeGreaterThanOrEqual(retryAfter)
  })

  test('leaves out a model that cannot succeed, and fails when none is left', () => {
    const { tries } = run({
      models: chain,
      fails: ({ modelIndex }) => (modelIndex === 1 ? wrongKey : busy),
    })
    expect(tries.filter(({ modelIndex }) => modelIndex === 1)).toHaveLength(1)
    expect(tries.at(-1)?.at).toBe(10 * minute)
    const dead = run({ models: chain, fails: () => wrongKey })
    expect(dead.tries.map(({ modelIndex }) => modelIndex)).toEqual([0, 1, 2])
    expect(dead.end).toBe('provider_failed: no')
  })
})

describe('the `retry` of an agent', () => {
  test('defines how often a model is called, even beyond the patience', () => {
    const models = [{ id: 'a/one', retry: { count: 5 } }]
    const fails = () => ({ ...busy, retryAfter: 3 * minute })
    const { tries, end } = run({ models, fails })
    expect(tries).toHaveLength(6)
    expect(tries.at(-1)?.at).toBeGreaterThan(10 * minute)
    expect(end).toBe('provider_failed: no')
  })

  test('defines after which statuses it is called', () => {
    const models = [{ id: 'a/one', retry: { count: 2, onCodes: [401] } }]
    expect(run({ models, fails: () => wrongKey }).tries).toHaveLength(3)
    expect(run({ models, fails: () => busy }).tries).toHaveLength(1)
  })

  test('is used before the fallbacks, which have the patience', () => {
    const models = [{ id: 'a/one', retry: { count: 3 } }, { id: 'b/two' }]
    const { tries } = run({ models, fails: () => busy })
    expect(tries.slice(0, 6).map(({ modelIndex }) => modelIndex)).toEqual([0, 0, 0, 0, 1, 1])
    expect(tries.slice(6).every(({ modelIndex }) => modelIndex === 1)).toBe(true)
    expect(tries.at(-1)?.at).toBe((tries[0]?.at ?? 0) + 10 * minute)
  })
})

type Try = { modelIndex: number; at: number; tries: number }
type Trouble = Pick<ModelFailed, 'retryable'> & Partial<ModelFailed>

/** The tries of one step whose calls take no time, from 0 on. A parked turn is resumed this much too late. */
function run(options: {
  fails: (call: Try) => Trouble | false
  models?: ModelChoice[]
  patience?: number
  callerWait?: number
  random?: number[]
  late?: number
}): { tries: Try[]; end: string } {
  const { fails, models = alone, patience, callerWait, random = [], late = 0 } = options
  const facts: Fact[] = [{ ...began, ...(callerWait !== undefined && { callerWait }) }]
  const tries: Try[] = []
  let now = 0
  for (;;) {
    if (facts.length > 1_000) throw new Error('it never ends')
    const state = fold(facts)
    const action = decide(state, planOf(models), patience)
    if (action.type === 'Finish') {
      const { fact } = action
      return { tries, end: fact.type === 'turn.failed' ? `${fact.code}: ${fact.message}` : '' }
    }
    if (action.type === 'Park') {
      if (action.until - now <= limits.waitInWorker) throw new Error('parked for too little')
      facts.push(recorded({ type: 'turn.parked', until: action.until }, now))
      now = action.until + late
      facts.push(recorded({ type: 'attempt.started', attempt: 'x', epoch: 2 }, now))
      continue
    }
    if (action.type !== 'CallModel') throw new Error(action.type)
    const { modelIndex, wait } = action
    if (wait !== undefined) now = Math.max(now, wait.since + wait.ms)
    const call = { modelIndex, at: now, tries: tries.length }
    tries.push(call)
    const trouble = fails(call)
    if (trouble === false) return { tries, end: 'answered' }
    const before = tries.filter((each) => each.modelIndex === modelIndex).length
    const by = random[tries.length % random.length] ?? 0.5
    const pause = Math.round(backoff(before, trouble.retryAfter, by))
    facts.push(failed({ modelIndex, at: now, wait: pause, ...trouble }))
  }
}

function planOf(models: ModelChoice[]): Plan {
  return {
    v: 1,
    agent: { id: 'A', key: 'a', version: '1.0.0' },
    system: '',
    engine: 'text',
    variables: {},
    models,
    tools: [],
    maxIterations: 10,
    maxExecutionSeconds: 600,
  }
}

const began: Extract<Fact, { type: 'turn.started' }> = {
  type: 'turn.started',
  turn: 1,
  plan: 'p',
  model: 'a/one',
  message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'Hi' }] },
  assistantMessageId: 'a',
  traceId: 't',
  spanId: 's',
  v: 1,
  pos: 1,
  at: 0,
}

function failed({ at, ...part }: Partial<ModelFailed> & { at: number }): Fact {
  const usual = { step: 1, modelIndex: 0, model: 'a/one', code: 'provider_failed' } as const
  const fact = { type: 'model.failed', message: 'no', retryable: true, wait: 0, ms: 0 } as const
  return recorded({ ...usual, ...fact, ...part }, at)
}

/** A step that was answered with a failed call. */
function calling(at: number): Fact[] {
  const calls = [{ callId: 'c', name: 'x', arguments: '{}' }]
  const step = { step: 1, modelIndex: 0, model: 'a/one', reason: 'tool_calls' } as const
  return [
    recorded({ type: 'step.finished', ...step, calls, ms: 1 }, at),
    recorded({ type: 'tool.failed', callId: 'c', toolId: '', error: 'no', ms: 1 }, at),
  ]
}

function recorded(fact: NewFact, at: number): Fact {
  return { ...fact, v: 1, pos: 1, at }
}
