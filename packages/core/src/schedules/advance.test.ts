import { expect, test } from 'vitest'
import { advance, type Ends } from './advance.ts'
import { changedState, newScheduleState } from './change-schedule.ts'
import { dueTime } from './due-time.ts'
import { spreadOf, upcoming } from './occurrences.ts'
import { withBackfill, withManualRun } from './request-run.ts'
import type { Schedule, ScheduleState } from './schedule.ts'
import { settleFiring } from './settle-firing.ts'

const minute = 60_000
const id = '01HZZZZZZZ0ABCDEFGHJKMNPQR'
const minutely: Schedule = {
  id,
  workspace: 'w',
  agentId: 'a',
  type: 'cron',
  expression: '* * * * *',
  timezone: 'UTC',
  payload: { input: 'go' },
  overlap: 'skip',
  catchUp: { window: 'PT1H', windowMs: 60 * minute, runs: 'latest' },
  continueTask: false,
  createdAt: 0,
  createdBy: 'k',
  updatedAt: 0,
}
const none: Ends = new Map()

/** Plays a schedule whose submits are accepted, and whose runs end when `end` is called. */
function play(schedule: Schedule) {
  let state = newScheduleState(schedule, 0)
  const log: string[] = []
  let tasks = 0
  let ends = new Map<string, 'succeeded' | 'failed'>()
  return {
    log,
    state: () => state,
    set(next: ScheduleState) {
      state = next
    },
    at(now: number) {
      for (;;) {
        tasks += 1
        const next = advance(schedule, state, { now, ends, freshTaskId: `t${tasks}` })
        ends = new Map()
        state = next.state
        for (const { at, reason } of next.records) log.push(`${reason} ${at / minute}`)
        for (const { taskId } of next.cancels) log.push(`cancel ${taskId}`)
        const { firing } = state
        if (firing === undefined || (firing.retryAt ?? 0) > now) return
        const outcome = { kind: 'accepted' as const, taskId: firing.taskId, turn: 1 }
        const settled = settleFiring(schedule, state, { id: firing.id, outcome, now })
        state = settled?.state ?? state
        log.push(`fire ${firing.id} ${firing.taskId}`)
      }
    },
    end(how: 'succeeded' | 'failed' = 'succeeded') {
      ends = new Map(state.live.map(({ taskId, turn }) => [`${taskId}.${turn}`, how]))
    },
  }
}

function fired(log: string[]): string[] {
  return log.filter((line) => line.startsWith('fire')).map((line) => line.split(' ')[1] ?? '')
}

test('an occurrence fires once, and while its run goes on the next ones are skipped', () => {
  const played = play(minutely)
  played.at(minute - 1)
  played.at(minute)
  played.at(minute + 1)
  played.at(2 * minute)
  played.end()
  played.at(3 * minute)
  expect(played.log).toEqual(['fire 1.60000 t2', 'overlap 2', 'fire 1.180000 t6'])
})

test('with queue, occurrences wait for earlier runs, in their order', () => {
  const played = play({ ...minutely, overlap: 'queue' })
  for (const at of [1, 2, 3]) played.at(at * minute)
  expect(fired(played.log)).toEqual(['1.60000'])
  played.end()
  played.at(3 * minute + 1)
  played.end()
  played.at(3 * minute + 2)
  expect(fired(played.log)).toEqual(['1.60000', '1.120000', '1.180000'])
})

test('with cancel_previous, the latest occurrence replaces those that wait, and the run before', () => {
  const played = play({ ...minutely, overlap: 'cancel_previous' })
  for (const at of [1, 2, 3]) played.at(at * minute)
  expect(played.log).toEqual(
    ['fire 1.60000 t1', 'cancel t1', 'superseded 2', 'cancel t1'].map((line) =>
      line.replaceAll('t1', played.log[0]?.split(' ').at(-1) ?? ''),
    ),
  )
  played.end()
  played.at(3 * minute + 1)
  expect(fired(played.log)).toEqual(['1.60000', '1.180000'])
})

test('with allow, runs overlap', () => {
  const played = play({ ...minutely, overlap: 'allow' })
  for (const at of [1, 2, 3]) played.at(at * minute)
  expect(fired(played.log)).toHaveLength(3)
})

test('after an outage, at most one occurrence fires, or all within the window, or none', () => {
  const outage = (catchUp: Schedule['catchUp']) => {
    const played = play({ ...minutely, overlap: 'queue', catchUp })
    played.at(90.9 * minute)
    for (let runs = 0; runs < 100; runs += 1) {
      played.end()
      played.at(90.9 * minute)
    }
    return fired(played.log).map((name) => Number(name.slice(2)) / minute)
  }
  const window = { window: 'PT1H', windowMs: 60 * minute }
  expect(outage({ ...window, runs: 'latest' })).toEqual([90])
  expect(outage({ ...window, runs: 'none' })).toEqual([90])
  expect(outage({ ...window, runs: 'all' })).toHaveLength(60)
  expect(outage({ window: 'PT1S', windowMs: 1_000, runs: 'latest' })).toEqual([])
})

test('a long outage of a dense schedule costs little, and fires the latest occurrence', () => {
  const played = play(minutely)
  const year = 365 * 24 * 60
  played.at((year + 0.5) * minute)
  expect(fired(played.log)).toEqual([`1.${year * minute}`])
  expect(played.state().next).toBe((year + 1) * minute)
})

test('a schedule ends after its last run, and pauses after failures', () => {
  const twice = play({ ...minutely, overlap: 'allow', maxRuns: 2 })
  for (const at of [1, 2, 3]) twice.at(at * minute)
  expect(fired(twice.log)).toHaveLength(2)
  expect(twice.state()).toMatchObject({ isActive: false, pausedReason: 'finished' })
  const failing = play({ ...minutely, pauseAfterFailures: 2 })
  for (const at of [1, 2, 3, 4]) {
    failing.at(at * minute)
    failing.end('failed')
  }
  expect(fired(failing.log)).toHaveLength(2)
  expect(failing.state()).toMatchObject({ isActive: false, pausedReason: 'failures' })
  expect(dueTime(minutely, failing.state(), 4 * minute)).toBeUndefined()
})

test('other times and an activation begin a new generation', () => {
  const before = newScheduleState(minutely, 0)
  const hourly = { ...minutely, expression: '0 * * * *' }
  const changed = changedState(before, { before: minutely, after: hourly, now: 5 })
  expect(changed.state).toMatchObject({ generation: 2, next: 60 * minute })
  const off = changedState(changed.state, {
    before: hourly,
    after: hourly,
    isActive: false,
    now: 6,
  })
  expect(off.state).toMatchObject({ generation: 2, isActive: false, pausedReason: 'requested' })
  expect(off.state).not.toHaveProperty('next')
  const on = changedState(off.state, { before: hourly, after: hourly, isActive: true, now: 7 })
  expect(on.state).toMatchObject({ generation: 3, isActive: true, next: 60 * minute })
  expect(on.state).not.toHaveProperty('pausedReason')
  const same = changedState(before, {
    before: minutely,
    after: { ...minutely, payload: {} },
    now: 5,
  })
  expect(same.state).toEqual(before)
})

test('a run by hand and a backfill wait for the runs before them', () => {
  const played = play(minutely)
  played.at(minute)
  played.set(withManualRun(played.state(), { name: 'm', now: minute + 1 }))
  const { state, runs } = withBackfill(minutely, played.state(), { from: -2 * minute, to: 0 })
  played.set(state)
  expect(runs.map(({ at }) => at / minute)).toEqual([-2, -1, 0])
  for (let ended = 0; ended < 4; ended += 1) {
    played.end()
    played.at(minute + 2)
  }
  expect(fired(played.log)).toEqual([
    '1.60000',
    'manual.m',
    'backfill.1.-120000',
    'backfill.1.-60000',
    'backfill.1.0',
  ])
  expect(() =>
    withManualRun({ ...played.state(), isActive: false }, { name: 'm', now: 0 }),
  ).toThrow('not active')
  expect(() => withBackfill(minutely, played.state(), { from: -200 * minute, to: 0 })).toThrow(
    '100',
  )
})

test('a refused submit is tried again, and its occurrence is not lost', () => {
  const waiting = advance(minutely, newScheduleState(minutely, 0), {
    now: minute,
    ends: none,
    freshTaskId: 't',
  }).state
  const outcome = { kind: 'later' as const, afterMs: 500 }
  const later = settleFiring(minutely, waiting, { id: '1.60000', outcome, now: minute })
  expect(later?.state.firing).toMatchObject({ taskId: 't', tries: 1, retryAt: minute + 500 })
  expect(dueTime(minutely, later?.state ?? waiting, minute)).toBe(minute + 500)
  expect(settleFiring(minutely, waiting, { id: '1.0', outcome, now: minute })).toBeUndefined()
})

test('the spread is fixed and below its limit, and upcoming times have it', () => {
  const spread = { text: '10m', ms: 10 * minute }
  const offsets = Array.from({ length: 32 }, (_, at) =>
    spreadOf({ id: id.slice(0, -1) + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(at), spread }),
  )
  expect(new Set(offsets).size).toBeGreaterThan(25)
  expect(offsets.every((offset) => offset >= 0 && offset < spread.ms)).toBe(true)
  const state = newScheduleState(minutely, 0)
  const [first = 0] = upcoming({ ...minutely, spread }, state, 5)
  expect(first).toBe(minute + spreadOf({ id, spread }))
  expect(upcoming({ ...minutely, maxRuns: 2 }, state, 5)).toHaveLength(2)
})
