import { describe, expect, test } from 'vitest'
import type { LostFacts } from '../evidence/evidence.ts'
import { checkReceived, lossOf } from '../evidence/lost-facts.ts'
import { validEvidence } from '../evidence/valid-evidence.fixture.ts'
import { digestOf } from '../store/read-tasks.ts'
import { check } from './check.ts'

type Valid = ReturnType<typeof validEvidence>
type Fact = LostFacts['facts'][number]

const callId = 't1_s1_c0'
const failedOver = { kind: 'Redis primary killed', from: 1_500, to: 1_600, victims: [] } as const
const start: Fact = { type: 'turn.started' }

/** What a failover has lost, and what is right only after that. */
const excused: Record<string, { lost: Fact[]; change: (valid: Valid) => void; less: Fact[] }> = {
  'a step that is requested again after the next one': {
    lost: [{ type: 'step.finished', step: 1 }],
    change: ({ evidence }) => evidence.asked.push({ ...evidence.asked[0]!, at: 1_900 }),
    less: [{ type: 'step.finished', step: 2 }],
  },
  'a call that is made again': {
    lost: [{ type: 'tool.called', callId }],
    change: ({ evidence }) => evidence.served.push({ ...evidence.served[0]!, at: 1_700 }),
    less: [{ type: 'tool.called', callId: 't1_s2_c0' }],
  },
  'a task that is missing in the end': {
    lost: [start],
    change: ({ client, final }) => {
      final.status = 404
      client.surprises.push('GET 404: not found')
    },
    less: [{ type: 'attempt.started' }],
  },
  'another task in place of one that was lost': {
    lost: [start],
    change: ({ client, evidence }) => {
      const old = { taskId: lostTask, responseId: `resp_${lostTask}0001` }
      client.ids.unshift(old)
      evidence.asked.unshift({ ...evidence.asked[0]!, responseId: old.responseId })
    },
    less: [{ type: 'attempt.started' }],
  },
  'a reply that was right before': {
    lost: [{ type: 'turn.failed' }],
    change: ({ client }) => client.replies.push({ status: 409, body: { message: 'cancelled' } }),
    less: [{ type: 'step.finished', step: 2 }],
  },
  'a call after a cancel that was lost': {
    lost: [{ type: 'cancel.requested' }],
    change: ({ client }) => (client.cancel = { at: 250, status: 202, body: {} }),
    less: [start],
  },
}

const lostTask = '01J00000000000000000000009'

describe.for(Object.entries(excused))('%s', ([, { lost, change, less }]) => {
  test('breaks no rule when its record was lost', () => {
    const valid = broken(change)
    lose(valid, lost)
    expect(check(valid.evidence)).toEqual([])
  })

  test('breaks a rule when something else was lost, or nothing', () => {
    const valid = broken(change)
    expect(check(valid.evidence)).not.toEqual([])
    lose(valid, less)
    expect(check(valid.evidence)).not.toEqual([])
  })
})

test('a request whose key was lost may make a second task', () => {
  const valid = validEvidence()
  const { evidence, client } = valid
  client.requestHash = 'h'
  client.ids.unshift({ taskId: lostTask, responseId: `resp_${lostTask}0001` })
  evidence.failovers.push({ from: 1_500, to: 1_600, lost: [], lostRequests: ['other'] })
  expect(check(evidence).map(({ rule }) => rule)).toContain('an accepted task is never lost')
  evidence.failovers[0]!.lostRequests = ['h']
  evidence.asked[0]!.responseId = client.ids[0]!.responseId
  expect(check(evidence)).toEqual([])
})

test('what a replica had received and is missing in the end breaks a rule', () => {
  const { evidence } = validEvidence()
  evidence.receivedLost.push('a task has lost facts')
  expect(check(evidence).map(({ rule }) => rule)).toEqual(['what a replica had received is kept'])
})

test('the loss of a failover is what the former primary had more than the replica', () => {
  const facts = ['turn.started', 'step.finished'].map((type) => JSON.stringify({ type, step: 1 }))
  const former = {
    tasks: new Map([
      ['kept', { pos: 2, facts }],
      ['shorter', { pos: 2, facts }],
      ['streamed', { pos: 3, facts }],
      ['gone', { pos: 2, facts }],
    ]),
    requests: new Set(['a', 'b']),
  }
  const received = {
    tasks: new Map([
      ['kept', { pos: 2, facts: 2 }],
      ['shorter', { pos: 1, facts: 1 }],
      ['streamed', { pos: 2, facts: 2 }],
    ]),
    requests: new Set(['a']),
  }
  const loss = lossOf(former, received)
  expect(loss.lostRequests).toEqual(['b'])
  expect(loss.lost).toEqual([
    { taskId: 'shorter', facts: [{ type: 'step.finished', step: 1 }] },
    { taskId: 'streamed', facts: [] },
    { taskId: 'gone', facts: facts.map((text) => JSON.parse(text) as Fact) },
  ])
  expect(loss.received.get('shorter')).toEqual({ facts: 1, digest: digestOf(facts.slice(0, 1)) })
  const failovers = [{ from: 0, to: 1, ...loss }]
  const again = JSON.stringify({ type: 'step.finished', step: 1, text: 'another answer' })
  const finals = new Map(former.tasks).set('shorter', { pos: 2, facts: [facts[0]!, again] })
  expect(checkReceived(failovers, finals)).toEqual([])
  finals.set('shorter', { pos: 1, facts: [again] }).delete('kept')
  expect(checkReceived(failovers, finals)).toHaveLength(2)
})

function broken(change: (valid: Valid) => void): Valid {
  const valid = validEvidence()
  valid.evidence.faults.push({ ...failedOver, victims: [] })
  change(valid)
  return valid
}

/** Changes the evidence: a failover has lost these facts of the task, or of the one before it. */
function lose({ evidence, client }: Valid, facts: Fact[]): void {
  const taskId = client.ids[0]!.taskId
  evidence.failovers.push({ from: 1_500, to: 1_600, lost: [{ taskId, facts }], lostRequests: [] })
}
