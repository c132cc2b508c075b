import { describe, expect, test } from 'vitest'
import { doubtChanges } from '../evidence/limits-at.ts'
import { check } from './check.ts'
import type { DoneFault, SlotHold } from '../evidence/evidence.ts'
import { syncPatience } from '../evidence/long-outage.ts'
import { limitChange, slotHold, validEvidence } from '../evidence/valid-evidence.fixture.ts'

test('valid evidence breaks no rule', () => {
  expect(check(validEvidence().evidence)).toEqual([])
})

type Honest = ReturnType<typeof validEvidence>

/** Planted violations, by the rule that must find them. */
const planted: Record<string, Record<string, (valid: Honest) => void>> = {
  'an accepted task is never lost': {
    'no reply with an id': ({ client }) => client.ids.pop(),
    'two turns for one request': ({ client }) =>
      client.ids.push({ taskId: 'another', responseId: 'resp_another' }),
    'a turn that no client knows': ({ evidence }) => evidence.asked.push(stranger),
    'a task without an end': ({ client }) => (client.endedAt = undefined),
    'a 404 in the end': ({ final }) => (final.status = 404),
    'a 500 for a client': ({ client }) => (client.surprises = ['POST 500: oops']),
  },
  'a call that needs approval waits for it': {
    'a call without approval': ({ evidence }) => evidence.served.push(refund),
    'a call before its approval': ({ evidence }) => {
      evidence.served.push(refund)
      evidence.approvals[`${refund.responseId}.${refund.callId}`] = refund.at + 1
    },
  },
  'a turn has the end of its script, once': {
    'another status': ({ final }) => (final.body['status'] = 'failed'),
    'another answer': ({ final }) => (final.body['output'] = [{ parts: [{ text: 'no' }] }]),
    'usage counted twice': ({ final }) =>
      (final.body['usage'] = { prompt_tokens: 400, completion_tokens: 8 }),
    'no usage': ({ final }) => delete final.body['usage'],
    'two ends': ({ final }) => final.facts.push({ type: 'turn.failed', pos: 6 }),
    'no end': ({ final }) => final.facts.pop(),
    'a fact after the end': ({ final }) => final.facts.push({ type: 'tool.returned', pos: 6 }),
    'a failure of another kind': ({ task, final }) => {
      task.script.outcome = { status: 'failed', code: 'provider_failed', httpStatus: 502 }
      final.body['status'] = 'failed'
      final.body['error'] = 'worker_crashed: three of them'
    },
    'another end than in the reply to a cancel': ({ client }) =>
      (client.cancel = { at: 1_950, status: 200, body: { status: 'failed', error: 'cancelled' } }),
    'a cancel without a request': (valid) => endCancelled(valid),
    'usage of a cancelled turn counted twice': (valid) => {
      cancelIn(valid, { at: 1_750 })
      endCancelled(valid)
      valid.final.body['usage'] = { prompt_tokens: 200, completion_tokens: 4 }
    },
    'another reply to the caller': ({ client }) =>
      client.replies.push({ status: 502, body: { message: 'it failed' } }),
  },
  'every message and result is there, once': {
    'a missing message': ({ final }) => exchangeIn(final).splice(2, 1),
    'a message twice': ({ final }) => exchangeIn(final).push(exchangeIn(final)[2]!),
    'a missing result': ({ final }) => exchangeIn(final).splice(3, 1),
    'a result twice': ({ final }) => exchangeIn(final).push(exchangeIn(final)[3]!),
    'a result without a call': ({ final }) =>
      exchangeIn(final)[3]!.parts.push({ kind: 'tool_result', tool_call_id: 'x', result: {} }),
    'a success of a call that must fail': ({ task }) => {
      const [first, ...rest] = task.script.steps
      const calls = first!.calls.map((call) => ({ ...call, flaw: 'unknown tool' as const }))
      task.script.steps = [{ ...first!, calls }, ...rest]
    },
    'a message of a cancelled turn that was not recorded': (valid) => {
      cancelIn(valid, { at: 1_750 })
      endCancelled(valid)
      exchangeIn(valid.final).push({ role: 'agent', parts: [{ kind: 'text', text: 'Done.' }] })
    },
    'a failure without a fault': ({ final }) => failCall(final, 'the outcome is unknown: …'),
  },
  'a recorded step is never run again': {
    'a step requested again without a fault': ({ evidence }) =>
      ask(evidence, { at: 1_200, step: 1 }),
    'a step requested again after a fault elsewhere': ({ evidence }) => {
      evidence.faults.push({ ...killed, victims: ['worker-9'] })
      ask(evidence, { at: 1_200, step: 1 })
    },
    'a step requested twice more for one fault': ({ evidence }) => {
      evidence.faults.push(killed)
      ask(evidence, { at: 1_200, step: 1 })
      ask(evidence, { at: 1_250, step: 1 })
    },
    'a step requested after the next one': ({ evidence }) => {
      evidence.faults.push(killed)
      ask(evidence, { at: 1_900, step: 1 })
    },
    'a step requested after the end': ({ evidence }) => {
      evidence.faults.push({ ...killed, from: 1_950, to: 1_990 })
      ask(evidence, { at: 2_100, step: 2 })
    },
    'a call made again without a fault': ({ evidence }) => serve(evidence, 1_400),
    'a call made after the next step': ({ evidence }) => {
      evidence.faults.push(killed)
      serve(evidence, 1_900)
    },
  },
  'only the holder of a turn has written': {
    'numbers that do not rise': ({ final }) => (final.facts[4]!.pos = 3),
    'a step recorded twice': ({ final }) =>
      final.facts.splice(5, 0, { ...final.facts[2]!, pos: 5.5 }),
    'a step left out': ({ final }) => final.facts.splice(2, 1),
    'an older attempt after a newer one': ({ final }) => (final.facts[1]!.epoch = 2),
    'a call begun twice': ({ final }) => final.facts.splice(4, 0, { ...final.facts[3]!, pos: 4.5 }),
    'a call that ended twice': ({ final }) =>
      final.facts.splice(5, 0, { ...final.facts[4]!, type: 'tool.failed', pos: 5.5 }),
  },
  'on_crash fail is sent at most once': {
    'an order sent twice, also after faults': ({ evidence }) => {
      evidence.faults.push(killed)
      serve(evidence, 1_400)
    },
  },
  'a stream is complete and in order': {
    'no complete stream': ({ client }) => (streamOf(client).done = false),
    'an event twice': ({ client }) => repeatEvent(client, 1),
    'an event that differs in another stream': ({ client }) =>
      client.transcripts.unshift({
        done: false,
        events: [{ id: 1, type: 'response.started', data: {} }],
      }),
    'two ends': ({ client }) =>
      streamOf(client).events.push({ id: 10, type: 'response.failed', data: {} }),
    'no end': ({ client }) => streamOf(client).events.pop(),
    'another end than GET has': ({ client }) =>
      (streamOf(client).events[8] = { id: 9, type: 'response.failed', data: {} }),
    'a missing delta': ({ client }) => streamOf(client).events.splice(2, 1),
    'a piece of an unknown part': ({ client }) =>
      streamOf(client).events.splice(6, 0, {
        id: 6.5,
        type: 'part.delta',
        data: { partId: 'z', delta: { text: 'Who?' } },
      }),
    'a missing part': ({ client }) => streamOf(client).events.splice(7, 1),
    'a missing call': ({ client }) => streamOf(client).events.splice(4, 1),
    'a part that differs from GET': ({ client }) =>
      (streamOf(client).events[7] = {
        id: 8,
        type: 'part.done',
        data: { partId: 'b', part: { text: 'Undone.' } },
      }),
  },
  'cancel means stop': {
    'a model request after a cancel': (valid) => {
      cancelIn(valid, { at: 700 })
    },
    'a tool call after a cancel, also after faults elsewhere': (valid) => {
      cancelIn(valid, { at: 250 })
      valid.evidence.asked.length = 0
      valid.evidence.faults.push({ ...killed, kind: 'API killed' })
    },
  },
  'a refusal comes soon': {
    'a client that waited long for a refusal': ({ client }) =>
      (client.longestRefusal = { ms: 3_000, at: 1_500 }),
  },
  'a full Redis takes nothing in silence': {
    'another answer than a 503': (valid) => {
      submitWhileFull(valid, { status: 500 })
    },
    'a task that was accepted before its request was refused': (valid) => {
      submitWhileFull(valid, { status: 503 })
      valid.final.facts[0]!.at = 1_009
    },
    'a task that was accepted before its repeated request was refused': (valid) => {
      submitWhileFull(valid, { status: 503 })
      valid.client.submissions.push({ from: 1_040, to: 1_060, status: 503 })
      valid.final.facts[0]!.at = 1_050
    },
  },
  'after a full Redis what was acknowledged completes': {
    'a task that is gone': (valid) => {
      submitWhileFull(valid, { status: 200 })
      valid.final.status = 404
    },
    'a task that failed': (valid) => {
      submitWhileFull(valid, { status: 200 })
      valid.final.body['status'] = 'failed'
    },
    'a task that never ends': (valid) => {
      submitWhileFull(valid, { status: 200 })
      valid.final.body['status'] = 'in_progress'
    },
  },
  'of two continues at once one is taken': {
    'two turns for one request': ({ pair }) => {
      pair.sameKey = true
      pair.replies[1] = takenAs(pair, 3)
    },
    'one turn for two requests': ({ pair }) => (pair.replies[1] = takenAs(pair, 2)),
    'a fork that was refused': ({ pair }) => (pair.forks = true),
    none: ({ pair }) => (pair.replies[0] = { status: 409, body: {} }),
    'a continuation without an answer': ({ pair }) => pair.replies.pop(),
    'a turn that no client knows': ({ evidence, pair }) =>
      evidence.asked.push({ ...stranger, task: pair.number }),
    'a turn that never ran': ({ evidence }) => evidence.asked.pop(),
    'two turns at once': ({ pair }) => pair.final!.facts.splice(1, 1),
    'a turn without an end': ({ pair }) => (pair.final!.body['status'] = 'in_progress'),
    'a 500 for a client': ({ pair }) => pair.surprises.push('POST 500: oops'),
  },
  'no plain task ends worker_crashed or provider_failed': {
    'a task whose workers died': ({ final }) => (final.body['error'] = 'worker_crashed: three'),
    'a task whose vendor had an outage': ({ final }) =>
      (final.body['error'] = 'provider_failed: 503'),
    'a caller that received the error': ({ client }) =>
      client.replies.push({ status: 502, body: { code: 'provider_failed', message: 'HTTP 503' } }),
    'a sub-agent whose vendor had an outage': (valid) => {
      valid.evidence.faults.push({ ...outage, from: 1_000, to: 1_900 })
      failCall(valid.final, 'the agent failed: provider_failed: HTTP 503 (task 01J)')
    },
    'a continuation whose workers died': ({ pair }) =>
      (pair.final!.body['error'] = 'worker_crashed: three'),
  },
  'while one process is cut off the others go on': {
    'no other process works': (valid) => {
      cutOffAmongMany(valid)
      valid.evidence.asked.push({ ...stranger, at: 3_500, worker: 'worker-1' })
    },
    'no other process works while an API is cut off': (valid) => {
      cutOffAmongMany(valid, { kind: 'API connections refused', victims: ['api-1'] })
    },
  },
  'no limit is exceeded': {
    'a turn above the limit of its workspace': ({ evidence }) =>
      evidence.holds.push(slotHold({ fairnessKey: 'cyd', from: 1_500 })),
    'a turn above the limit of its key': ({ evidence }) => {
      Object.assign(evidence.holds[1]!, { heldTo: 1_400, atMostTo: 1_400 })
      evidence.holds[2]!.from = 1_500
    },
    'a turn that returned from a lost worker above the limit': ({ evidence }) => {
      const { queuedAt: _, ...again } = slotHold({ fairnessKey: 'cyd', from: 1_500 })
      evidence.holds.push(again)
    },
  },
  'a paused workspace starts nothing': {
    'a turn that started in a pause': ({ evidence }) =>
      evidence.limitChanges.push(limitChange({ paused: true }, 1_900)),
  },
  'who is next starts next': {
    'a workspace that started a second turn before the first one of another': (valid) => {
      startBefore(valid, { workspace: 'chaos' })
    },
    'one that has as many running turns, but a lower weight': (valid) => {
      startBefore(valid, { workspace: 'limited' })
      const { holds, limitChanges } = valid.evidence
      holds.push(slotHold({ workspace: 'limited', from: 3_000, heldTo: 9_000, atMostTo: 9_000 }))
      limitChanges.push(limitChange({ weight: 2 }))
    },
    'a key that started a second turn before the first one of another': (valid) => {
      startBefore(valid, { workspace: 'noisy', fairnessKey: 'quiet' })
    },
    'a turn before an earlier one of its lane': (valid) => {
      startBefore(valid, { workspace: 'noisy', fairnessKey: 'loud' })
    },
  },
  'every planned kind of fault happens': {
    'a kind that did not happen': ({ evidence }) =>
      (evidence.planned = ['worker killed', 'memory pressure']),
  },
  'when all is over, nothing is left to do': {
    'a turn in the outbox': ({ evidence }) => evidence.leftovers.push('1 in outbox'),
  },
  'a process starts, lives and stops as it is told': {
    'a worker that exits with 1': ({ evidence }) => evidence.mishaps.push('ended with 1'),
  },
}

describe.for(Object.entries(planted))('the rule "%s" finds', ([rule, violations]) => {
  test.for(Object.entries(violations))('%s', ([, plant]) => {
    const valid = validEvidence()
    plant(valid)
    expect(check(valid.evidence).map((found) => found.rule)).toContain(rule)
  })
})

describe('no rule is broken by', () => {
  test('a change of limits that may have taken effect before or after a start', () => {
    const { evidence } = validEvidence()
    const { limits } = evidence.limitChanges[0]!
    evidence.limitChanges.push(
      { ...limitChange({ paused: true }), from: 1_990, to: 2_010 },
      { ...limitChange(limits), from: 2_500, to: 2_600 },
      { ...limitChange({ ...limits, running: 3 }), from: 4_000, to: 4_100 },
    )
    evidence.holds.push(
      ...['ada', 'bob', 'cyd'].map((fairnessKey) => {
        return slotHold({ fairnessKey, queuedAt: 4_000, from: 4_050, heldTo: 5_000 })
      }),
    )
    expect(check(evidence)).toEqual([])
  })

  test('a start in a pause that a failover may have lost before the pause ended', () => {
    const { evidence } = validEvidence()
    const { limits } = evidence.limitChanges[0]!
    evidence.limitChanges.push(
      limitChange({ ...limits, paused: true }, 1_900),
      limitChange(limits, 2_500),
    )
    const rules = () => check(evidence).map(({ rule }) => rule)
    expect(rules()).toContain('a paused workspace starts nothing')
    doubtChanges(evidence.limitChanges, { from: 1_800, to: 2_200 })
    expect(rules()).toEqual([])
  })

  test('a turn that waits for a limit, a pause or its start while others start', () => {
    const valid = validEvidence()
    const { holds, limitChanges } = valid.evidence
    startBefore(valid, { workspace: 'limited', fairnessKey: 'bob' })
    holds.push(slotHold({ fairnessKey: 'bob', from: 3_000, heldTo: 4_400, atMostTo: 4_400 }))
    startBefore(valid, { workspace: 'chaos', startAt: 4_400 })
    expect(check(valid.evidence)).toEqual([])
    limitChanges.push(limitChange({ paused: true }, 2_900), limitChange({}, 4_250))
    holds.pop()
    expect(check(valid.evidence).map(({ rule }) => rule)).not.toContain('who is next starts next')
  })

  test.for(['worker killed', 'memory pressure'] as const)('a kind that happened: %s', (kind) => {
    const { evidence } = validEvidence()
    evidence.planned = [kind]
    evidence.faults.push({ ...killed, kind })
    expect(check(evidence)).toEqual([])
  })

  test('a task whose requests were repeated in an outage, or refused by a full Redis', () => {
    const valid = validEvidence()
    valid.evidence.faults.push(outage)
    for (const at of [1_150, 1_200, 1_400]) ask(valid.evidence, { at, step: 1, refused: true })
    submitWhileFull(valid, { status: 503 })
    valid.client.submissions.push({ from: 1_095, to: 1_110, status: 200 })
    valid.final.facts[0]!.at = 1_100
    expect(check(valid.evidence)).toEqual([])
  })

  test('a request whose earlier try may have been accepted before Redis was full', () => {
    const valid = validEvidence()
    submitWhileFull(valid, { status: 503 })
    valid.client.submissions.unshift({ from: 900, to: 950 })
    valid.final.facts[0]!.at = 1_005
    expect(check(valid.evidence)).toEqual([])
  })

  test('a task of an impatient agent that an outage has ended', () => {
    const valid = validEvidence()
    endInOutage(valid)
    expect(check(valid.evidence)).toContainEqual(expect.objectContaining({ task: 1 }))
    valid.evidence.faults.push(outage)
    expect(check(valid.evidence)).toEqual([])
  })

  test('a synchronous task whose patience outages have outlasted', () => {
    expect(check(endedInLongOutage().evidence)).toEqual([])
    const answered = endedInLongOutage()
    answered.evidence.asked.push({ ...answered.evidence.asked[0]!, step: 2, at: 100_000 })
    expect(check(answered.evidence)).not.toEqual([])
    expect(check(endedInLongOutage(syncPatience - 2_000).evidence)).not.toEqual([])
  })

  test('one process that is cut off while another one works, or while Redis is frozen', () => {
    const working = validEvidence()
    cutOffAmongMany(working)
    working.evidence.asked.push({ ...stranger, at: 3_500, worker: 'worker-2' })
    const frozen = validEvidence()
    cutOffAmongMany(frozen)
    frozen.evidence.faults.push({ kind: 'Redis frozen', from: 3_000, to: 4_000, victims: [] })
    for (const { evidence } of [working, frozen]) {
      expect(check(evidence).map(({ rule }) => rule)).not.toContain(neighboursGoOn)
    }
  })

  test('a step that is requested again after a fault that hit it', () => {
    const { evidence } = validEvidence()
    evidence.faults.push(killed)
    ask(evidence, { at: 1_200, step: 1, worker: 'worker-2' })
    expect(check(evidence)).toEqual([])
  })

  test('a request of a worker that was frozen just before it', () => {
    const { evidence } = validEvidence()
    evidence.faults.push({ ...killed, kind: 'worker frozen', to: 1_850 })
    ask(evidence, { at: 1_860, step: 1 })
    expect(check(evidence)).toEqual([])
  })

  test('an order with an unknown outcome after the death of its worker', () => {
    const { evidence, final } = validEvidence()
    failCall(final, 'the outcome is unknown: …')
    evidence.faults.push(killed)
    expect(check(evidence)).toEqual([])
  })
})

test('a turn that was cancelled in time breaks no rule', () => {
  const valid = validEvidence()
  cancelIn(valid, { at: 1_750 })
  endCancelled(valid)
  expect(check(valid.evidence)).toEqual([])
})

test('a cancel that came too late has no effect, and breaks no rule', () => {
  const valid = validEvidence()
  cancelIn(valid, { at: 1_999 })
  expect(check(valid.evidence)).toEqual([])
})

test('a call after a cancel that could not reach a dying worker breaks no rule', () => {
  const valid = validEvidence()
  cancelIn(valid, { at: 700 })
  valid.evidence.faults.push(killed)
  expect(check(valid.evidence)).toEqual([])
})

test('a late refusal on a busy machine breaks no rule', () => {
  const { evidence, client } = validEvidence()
  client.longestRefusal = { ms: 3_000, at: 4_100 }
  evidence.faults.push({ kind: 'machine busy', from: 2_000, to: 2_500, victims: [] })
  expect(check(evidence)).toEqual([])
})

test('a call that a busy machine delivered late breaks no rule', () => {
  const { evidence } = validEvidence()
  evidence.served[0]!.at = 1_850
  expect(check(evidence)).not.toEqual([])
  evidence.faults.push({ kind: 'machine busy', from: 1_400, to: 1_840, victims: [] })
  expect(check(evidence)).toEqual([])
})

test('two continuations that were accepted one after the other break no rule', () => {
  const { evidence, pair } = validEvidence()
  pair.replies[1] = takenAs(pair, 3)
  evidence.asked.push({
    ...evidence.asked.at(-1)!,
    responseId: String(pair.replies[1].body['_id']),
  })
  pair.final!.facts.push({ type: 'turn.started', pos: 5 }, { type: 'turn.completed', pos: 6 })
  expect(check(evidence)).toEqual([])
})

test('two continuations of which one was parked break no rule', () => {
  const { evidence, pair } = validEvidence()
  pair.final!.facts.splice(1, 0, { type: 'turn.parked', pos: 2 })
  expect(check(evidence)).toEqual([])
})

test('two continuations whose conversation has forked break no rule', () => {
  const { evidence, pair } = validEvidence()
  const id = 'resp_01J000000000000000000000090001'
  pair.forks = true
  pair.replies[1] = { status: 200, body: { id } }
  evidence.asked.push({ ...evidence.asked.at(-1)!, responseId: id })
  expect(check(evidence)).toEqual([])
})

const neighboursGoOn = 'while one process is cut off the others go on'
const outage: DoneFault = { kind: 'model answers 503', from: 1_100, to: 1_900, victims: [] }
const killed: DoneFault = { kind: 'worker killed', from: 1_150, to: 1_160, victims: ['worker-1'] }
const refund = {
  at: 1_400,
  responseId: 'resp_01J000000000000000000000000001',
  callId: 'c9',
  method: 'POST',
  tool: 'refund',
}
const stranger = { at: 1_500, responseId: 'resp_unknown', task: 1, step: 1, worker: 'worker-1' }

function ask(
  { asked }: Honest['evidence'],
  request: { at: number; step: number; worker?: string; refused?: true },
): void {
  asked.push({ ...asked[0]!, ...request })
  asked.sort((a, b) => a.at - b.at)
}

/** Changes the evidence: a key started its second turn, and before that a turn of another lane was queued. */
function startBefore({ evidence }: Honest, waiting: Partial<SlotHold>): void {
  const loud = slotHold({ workspace: 'noisy', fairnessKey: 'loud', heldTo: 9_000, atMostTo: 9_000 })
  evidence.holds.push(
    { ...loud, queuedAt: 3_000, rank: 3_000, from: 3_010 },
    { ...loud, queuedAt: 4_000, rank: 4_000, from: 4_200 },
    slotHold({ queuedAt: 3_900, from: 4_400, heldTo: 4_500, atMostTo: 4_500, ...waiting }),
  )
}

/** Changes the evidence: the request was answered while Redis was full. */
function submitWhileFull({ evidence, client }: Honest, { status }: { status: number }): void {
  evidence.faults.push({ kind: 'Redis full', from: 990, to: 1_090, victims: [] })
  client.submissions = [{ from: 1_000, to: 1_010, status }]
}

/** Changes the evidence: a process was cut off while many tasks ran, without any other fault. */
function cutOffAmongMany({ evidence, task }: Honest, how: Partial<DoneFault> = {}): void {
  const many = Array.from({ length: 5 }, () => ({
    ...task,
    client: { ...task.client, submittedAt: 2_900, endedAt: 8_000 },
  }))
  evidence.tasks.push(...many)
  const fault = { from: 3_000, to: 7_000, victims: ['worker-1'] }
  evidence.faults.push({ kind: 'worker connections refused', ...fault, ...how })
}

/** Changes the evidence: an outage hit the second step, and the agent did not wait for its end. */
function endInOutage(valid: Honest): void {
  const { task, client, final } = valid
  task.script.agent = 'impatient'
  task.script.outcome = { status: 'failed', code: 'provider_failed', httpStatus: 502 }
  endCancelled(valid)
  final.body['error'] = 'provider_failed: HTTP 503'
  final.facts = final.facts.filter(({ type }) => type !== 'cancel.requested')
  client.replies = [{ status: 429, body: { message: 'HTTP 429' } }]
}

/** The vendor refused each request of the second step for as long as it was repeated. */
function endedInLongOutage(ms = syncPatience): Honest {
  const valid = validEvidence()
  const script = { ...valid.task.script }
  endInOutage(valid)
  valid.task.script = { ...script, mode: 'sync' }
  valid.evidence.asked[1]!.refused = true
  valid.final.facts.at(-1)!.at = valid.evidence.asked[1]!.at + ms
  return valid
}

function serve({ served }: Honest['evidence'], at: number): void {
  served.push({ ...served[0]!, at })
}

/** Changes the evidence: the client cancelled the task, in time or not. */
function cancelIn({ task, client }: Honest, { at }: { at: number }): void {
  task.script.cancel = { step: 2, after: 0 }
  client.cancel = { at, status: 202, body: {} }
}

/** Changes the evidence: the task ended in its second model call. */
function endCancelled({ client, final }: Honest): void {
  final.body['status'] = 'failed'
  final.body['error'] = 'cancelled'
  final.body['usage'] = { prompt_tokens: 100, completion_tokens: 2 }
  exchangeIn(final).pop()
  const before = final.facts.slice(0, 5)
  final.facts = [...before, { type: 'cancel.requested', pos: 6 }, { type: 'turn.failed', pos: 7 }]
  const { events } = streamOf(client)
  events.splice(6, Infinity, { id: 7, type: 'response.failed', data: {} })
}

function takenAs({ taskId }: Honest['pair'], turn: number) {
  return { status: 200, body: { task_id: taskId, _id: `resp_${taskId}000${turn}` } }
}

function exchangeIn({ body }: Honest['final']) {
  return body['output'] as { role?: string; parts: unknown[] }[]
}

function failCall(final: Honest['final'], error: string): void {
  const result = { kind: 'tool_result', tool_call_id: 't1_s1_c0', result: { error } }
  exchangeIn(final)[3]!.parts = [result]
}

function streamOf({ transcripts }: Honest['client']) {
  return transcripts[0]!
}

function repeatEvent(client: Honest['client'], place: number): void {
  const { events } = streamOf(client)
  events[place + 1] = events[place]!
}
