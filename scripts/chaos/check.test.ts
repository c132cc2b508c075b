import { describe, expect, test } from 'vitest'
import { check } from './check.ts'
import type { DoneFault } from './evidence.ts'
import { honestEvidence } from './honest.fixture.ts'

test('what is as it should be breaks no rule', () => {
  expect(check(honestEvidence().evidence)).toEqual([])
})

type Honest = ReturnType<typeof honestEvidence>

/** What is planted, by the rule that must see it. */
const planted: Record<string, Record<string, (honest: Honest) => void>> = {
  'an accepted task is never lost': {
    'no reply with an id': ({ client }) => client.ids.pop(),
    'two turns for one request': ({ client }) =>
      client.ids.push({ taskId: 'another', responseId: 'resp_another' }),
    'a turn that nobody knows of': ({ evidence }) => evidence.asked.push(stranger),
    'a task without an end': ({ client }) => (client.endedAt = undefined),
    'a 404 in the end': ({ final }) => (final.status = 404),
    'a 500 for a client': ({ client }) => (client.surprises = ['POST 500: oops']),
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
    'numbers that do not rise': ({ final }) => final.facts.unshift({ type: 'x', pos: 9 }),
    'another reply to the caller': ({ client }) =>
      client.replies.push({ status: 502, body: { message: 'it failed' } }),
  },
  'every message and result is there, once': {
    'a missing message': ({ final }) => exchangeIn(final).splice(2, 1),
    'a message twice': ({ final }) => exchangeIn(final).push(exchangeIn(final)[2]!),
    'a missing result': ({ final }) => exchangeIn(final).splice(3, 1),
    'a result twice': ({ final }) => exchangeIn(final).push(exchangeIn(final)[3]!),
    'a failure without a fault': ({ final }) => failCall(final, 'the outcome is unknown: …'),
  },
  'a recorded step is never run again': {
    'a step asked again without a fault': ({ evidence }) => ask(evidence, { at: 1_200, step: 1 }),
    'a step asked again after a fault elsewhere': ({ evidence }) => {
      evidence.faults.push({ ...killed, victims: ['worker-9'] })
      ask(evidence, { at: 1_200, step: 1 })
    },
    'a step asked twice more for one fault': ({ evidence }) => {
      evidence.faults.push(killed)
      ask(evidence, { at: 1_200, step: 1 })
      ask(evidence, { at: 1_250, step: 1 })
    },
    'a step asked after the next one': ({ evidence }) => {
      evidence.faults.push(killed)
      ask(evidence, { at: 1_900, step: 1 })
    },
    'a step asked after the end': ({ evidence }) => {
      evidence.faults.push({ ...killed, from: 1_950, to: 1_990 })
      ask(evidence, { at: 2_100, step: 2 })
    },
    'a call made again without a fault': ({ evidence }) => serve(evidence, 1_400),
    'a call made after the next step': ({ evidence }) => {
      evidence.faults.push(killed)
      serve(evidence, 1_900)
    },
  },
  'on_crash fail is sent at most once': {
    'an order sent twice, whatever broke': ({ evidence }) => {
      evidence.faults.push(killed)
      serve(evidence, 1_400)
    },
  },
  'a stream is complete and in order': {
    'no stream to its end': ({ client }) => (streamOf(client).done = false),
    'an event twice': ({ client }) => repeatEvent(client, 1),
    'an event that another stream tells otherwise': ({ client }) =>
      client.transcripts.unshift({
        done: false,
        events: [{ id: 1, type: 'response.started', data: {} }],
      }),
    'two ends': ({ client }) =>
      streamOf(client).events.push({ id: 10, type: 'response.failed', data: {} }),
    'no end': ({ client }) => streamOf(client).events.pop(),
    'a missing delta': ({ client }) => streamOf(client).events.splice(2, 1),
    'a missing part': ({ client }) => streamOf(client).events.splice(7, 1),
    'a missing call': ({ client }) => streamOf(client).events.splice(4, 1),
    'a part that GET tells otherwise': ({ client }) =>
      (streamOf(client).events[7] = {
        id: 8,
        type: 'part.done',
        data: { partId: 'b', part: { text: 'Undone.' } },
      }),
  },
  'when all is over, nothing is left to do': {
    'a turn in the outbox': ({ evidence }) => evidence.leftovers.push('1 in outbox'),
  },
  'a process starts and stops as it is told': {
    'a worker that exits with 1': ({ evidence }) => evidence.mishaps.push('ended with 1'),
  },
}

describe.for(Object.entries(planted))('the rule "%s" sees', ([rule, violations]) => {
  test.for(Object.entries(violations))('%s', ([, plant]) => {
    const honest = honestEvidence()
    plant(honest)
    expect(check(honest.evidence).map((found) => found.rule)).toContain(rule)
  })
})

describe('no rule is broken by', () => {
  test('a step that is asked again for a fault that hit it', () => {
    const { evidence } = honestEvidence()
    evidence.faults.push(killed)
    ask(evidence, { at: 1_200, step: 1, worker: 'worker-2' })
    expect(check(evidence)).toEqual([])
  })

  test('a worker that was frozen in the act and sends, thawed, what it had begun', () => {
    const { evidence } = honestEvidence()
    evidence.faults.push({ ...killed, kind: 'worker frozen', to: 1_850 })
    ask(evidence, { at: 1_860, step: 1 })
    expect(check(evidence)).toEqual([])
  })

  test('an order whose outcome is unknown since its worker died', () => {
    const { evidence, final } = honestEvidence()
    failCall(final, 'the outcome is unknown: …')
    evidence.faults.push(killed)
    expect(check(evidence)).toEqual([])
  })
})

const killed: DoneFault = { kind: 'worker killed', from: 1_150, to: 1_160, victims: ['worker-1'] }
const stranger = { at: 1_500, responseId: 'resp_unknown', task: 1, step: 1, worker: 'worker-1' }

function ask(
  { asked }: Honest['evidence'],
  request: { at: number; step: number; worker?: string },
): void {
  asked.push({ ...asked[0]!, ...request })
  asked.sort((a, b) => a.at - b.at)
}

function serve({ served }: Honest['evidence'], at: number): void {
  served.push({ ...served[0]!, at })
}

function exchangeIn({ body }: Honest['final']) {
  return body['output'] as { parts: unknown[] }[]
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
