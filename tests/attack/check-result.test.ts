import { expect, test } from 'vitest'
import { memoryBounds, standstillMs } from './bounds.ts'
import { type Evidence, checkResult } from './check-result.ts'
import { checkReplies } from './replies.ts'

const unharmed: Evidence = {
  wrong: [],
  neighbours: {
    tasks: ['t'],
    unfinished: 0,
    failures: [],
    failed: 0,
    requests: 100,
    repeatedCalls: 0,
    worstRequest: 30_000,
    worstTurn: 30_000,
    worstHealth: { api: standstillMs },
  },
  lostLeases: 0,
  dead: [],
  peaks: { api: memoryBounds.api, 'worker-1': memoryBounds.worker },
}

const harmed = (more: Partial<NonNullable<Evidence['neighbours']>>): Evidence => ({
  ...unharmed,
  neighbours: unharmed.neighbours && { ...unharmed.neighbours, ...more },
})

test('an attack that only makes requests slow is withstood', () => {
  expect(checkResult(unharmed)).toEqual([])
  expect(checkResult({ ...unharmed, neighbours: undefined })).toEqual([])
})

test.for<[what: string, evidence: Evidence, problem: string]>([
  ['a process that died', { ...unharmed, dead: ['api'] }, 'api died'],
  ['a lost lease', { ...unharmed, lostLeases: 1 }, '1 leases of beta were lost'],
  ['what alpha must not see', { ...unharmed, wrong: ['a deleted word'] }, 'a deleted word'],
  [
    'memory of the API',
    { ...unharmed, peaks: { api: memoryBounds.worker } },
    'api held 1536 MB of memory',
  ],
  [
    'memory of a worker',
    { ...unharmed, peaks: { 'worker-2': 2 * memoryBounds.worker } },
    'worker-2 held 3072 MB of memory',
  ],
  [
    'a standstill',
    harmed({ worstHealth: { 'worker-1': 6_000 } }),
    'worker-1 stood still for 6000 ms',
  ],
  [
    'a failed request',
    harmed({ failed: 2, failures: ['503 GET /x', '503 GET /y'] }),
    '2 requests of beta failed: 503 GET /x',
  ],
  ['a turn that does not end', harmed({ unfinished: 1 }), '1 turns of beta did not end'],
  ['a repeated call', harmed({ repeatedCalls: 3 }), '3 model calls of beta were repeated'],
])('%s is a success of the attack', ([, evidence, problem]) => {
  expect(checkResult(evidence)).toEqual([problem])
})

test('a reply may be a refusal, but not a failure, missing, or a temporary refusal without a time', () => {
  const reply = { text: 'why', ms: 1, retryAfter: false }
  const fine = [200, 400, 413].map((status) => ({ ...reply, status }))
  const later = { ...reply, status: 503, retryAfter: true }
  expect(checkReplies([...fine, later])).toEqual({
    seen: '200 × 1, 400 × 1, 413 × 1, 503 × 1, slowest 1 ms',
    wrong: [],
  })
  expect(checkReplies([0, 429, 500, 500].map((status) => ({ ...reply, status }))).wrong).toEqual([
    'a request got no reply: why',
    'a 429 does not say when to come again',
    'a request was answered 500: why',
  ])
})
