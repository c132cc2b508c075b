import { describe, expect, test } from 'vitest'
import { expectedEvents } from '../events/expected-events.ts'
import type { ReceivedEvent } from '../events/event-receiver.ts'
import { validEvidence } from '../evidence/valid-evidence.fixture.ts'
import { check } from './check.ts'

/** Valid evidence in which the events of all turns have arrived. */
function withEvents() {
  const valid = validEvidence()
  const events = expectedEvents(valid.evidence).map(
    ({ workspace, taskId, responseId, pos, types }, at): ReceivedEvent => {
      const id = `evt_${responseId}_${pos}`
      const event = { id, bodyId: id, type: types[0] ?? '', workspace, taskId, responseId, pos }
      return { ...event, at, isTaken: true }
    },
  )
  valid.evidence.events = events
  return { ...valid, events }
}

type Valid = ReturnType<typeof withEvents>

const planted: Record<string, Record<string, (valid: Valid) => void>> = {
  'every event arrives': {
    'a missing end': ({ events }) => events.splice(1, 1),
    'a missing end of a task that two clients continue': ({ events }) => events.pop(),
    'a missing start': ({ events }) => events.shift(),
    'a missing approval': ({ final }) => final.facts.splice(3, 0, approval),
    'an end that was only refused': ({ events }) => (events[1]!.isTaken = false),
    'an end of another type': ({ events }) => (events[1]!.type = 'response.failed'),
    'an end that was lost before a failover, and was not recovered': (valid) => {
      valid.evidence.failovers.push(failover)
      valid.events.splice(1, 1)
    },
  },
  'a repeated event has its id': {
    'a repeat with another id': ({ events }) =>
      events.push({ ...events[0]!, id: 'evt_other', bodyId: 'evt_other' }),
    'two events with one id': ({ events }) => {
      const { id, bodyId } = events[0]!
      events[1] = { ...events[1]!, id, bodyId }
    },
    'a body with another id': ({ events }) => (events[0]!.bodyId = 'evt_other'),
  },
  'an event goes to its own workspace': {
    'an event at another endpoint, too': ({ events }) =>
      events.push({ ...events[0]!, workspace: 'noisy', id: 'evt_n', bodyId: 'evt_n' }),
  },
}

const approval = { type: 'review.requested', pos: 3.5, at: 1_000 }
const failover = { from: 1_000, to: 2_000, lost: [], lostRequests: [] }

describe.for(Object.entries(planted))('the rule "%s" finds', ([rule, violations]) => {
  test.for(Object.entries(violations))('%s', ([, plant]) => {
    const valid = withEvents()
    plant(valid)
    expect(check(valid.evidence).map((found) => found.rule)).toContain(rule)
  })
})

describe('no rule is broken by', () => {
  test('events of which each has arrived', () => {
    const { events, evidence } = withEvents()
    expect(events.map(({ type }) => type)).toContain('response.started')
    expect(check(evidence)).toEqual([])
  })

  test('an event that is repeated', () => {
    const { events, evidence } = withEvents()
    events.unshift({ ...events[1]!, isTaken: false })
    events.push(events[2]!)
    expect(check(evidence)).toEqual([])
  })

  test('a start that was lost in a failover', () => {
    const { events, evidence } = withEvents()
    events.shift()
    evidence.failovers.push(failover)
    expect(check(evidence)).toEqual([])
  })
})
