import type {
  ClientEvidence,
  Evidence,
  ContinuationPair,
  LimitChange,
  SeenFact,
  SlotHold,
  StreamEvent,
  TaskEvidence,
} from './evidence.ts'
import type { Step, TaskScript } from '../tasks/task-script.ts'

const taskId = '01J00000000000000000000000'
const responseId = `resp_${taskId}0001`

/** A streamed task of two steps, with one call of `order` between them. */
export const script: TaskScript = {
  number: 1,
  mode: 'stream',
  at: 0,
  steps: [
    {
      replies: [{ text: 'I order it.' }],
      requests: 1,
      text: 'I order it.',
      calls: [{ id: 't1_s1_c0', tool: 'order', service: 'answers' }],
      usage: { input: 100, output: 2 },
    },
    {
      replies: [{ text: 'Done.' }],
      requests: 1,
      text: 'Done.',
      calls: [],
      usage: { input: 200, output: 4 },
    },
  ],
  outcome: { status: 'completed', reason: 'stop', text: 'Done.' },
}

/** The evidence when every promise is kept: a fresh copy, which a test may change. */
export function validEvidence() {
  const client: ClientEvidence = {
    ids: [{ taskId, responseId }],
    submittedAt: 1_000,
    endedAt: 2_000,
    repeats: 0,
    longestWait: 10,
    longestRefusal: { ms: 1_900, at: 1_100 },
    submissions: [{ from: 1_000, to: 1_010, status: 200 }],
    replies: [],
    transcripts: [{ events: events(), done: true }],
    surprises: [],
  }
  const final = { status: 200, body: body(), facts: facts() }
  const task = { script: { ...script }, client, final } satisfies TaskEvidence
  const seen = { responseId, task: 1, worker: 'worker-1' }
  const pair = honestRivalry()
  const evidence: Evidence = {
    tasks: [task],
    continuationPairs: [pair],
    approvals: {},
    asked: [
      { at: 1_100, step: 1, ...seen },
      { at: 1_800, step: 2, ...seen },
      ...[1, 2].map((turn) => ({
        at: 1_900,
        step: 1,
        responseId: `resp_${pair.taskId}000${turn}`,
        task: pair.number,
        worker: 'worker-1',
      })),
    ],
    served: [{ at: 1_300, responseId, callId: 't1_s1_c0', method: 'POST', tool: 'order' }],
    planned: [],
    faults: [],
    mishaps: [],
    leftovers: [],
    holds: holds(),
    failovers: [],
    receivedLost: [],
    limitChanges: [limitChange({ running: 2, runningPerFairnessKey: 1 })],
  }
  return { evidence, task, client, final, pair }
}

function body(): Record<string, unknown> {
  const result = { kind: 'tool_result', tool_call_id: 't1_s1_c0', result: { done: true } }
  return {
    status: 'completed',
    finish_reason: 'stop',
    usage: { prompt_tokens: 300, completion_tokens: 6 },
    output: [
      { role: 'agent', parts: [textOf(script.steps[1])] },
      { role: 'user', parts: [{ kind: 'text', text: 'the script' }] },
      { role: 'agent', parts: [textOf(script.steps[0])] },
      { role: 'tool', parts: [result] },
      { role: 'agent', parts: [textOf(script.steps[1])] },
    ],
  }
}

function textOf(step: Step | undefined) {
  return { kind: 'text', text: step?.text }
}

function facts(): SeenFact[] {
  const told: Omit<SeenFact, 'pos'>[] = [
    { type: 'turn.started', turn: 1 },
    { type: 'attempt.started', epoch: 1 },
    { type: 'step.finished', step: 1 },
    { type: 'tool.called', callId: 't1_s1_c0' },
    { type: 'tool.returned', callId: 't1_s1_c0' },
    { type: 'step.finished', step: 2 },
    { type: 'turn.completed' },
  ]
  return told.map((fact, at) => ({ ...fact, pos: at + 1 }))
}

/** Three turns of a workspace that may run two at once, one for each key. The third one waits for the first. */
function holds(): SlotHold[] {
  return [
    slotHold({ fairnessKey: 'ada' }),
    slotHold({ fairnessKey: 'bob' }),
    slotHold({ fairnessKey: 'ada', queuedAt: 1_005, from: 2_000, heldTo: 2_100, atMostTo: 2_100 }),
  ]
}

export function slotHold(part: Partial<SlotHold> = {}): SlotHold {
  return {
    taskId: '01J00000000000000000000002',
    workspace: 'limited',
    fairnessKey: '',
    queuedAt: 1_000,
    rank: part.queuedAt ?? 1_000,
    from: 1_010,
    heldTo: 2_000,
    atMostTo: 2_000,
    ...part,
  }
}

export function limitChange(limits: LimitChange['limits'], at = 500): LimitChange {
  return { workspace: 'limited', from: at, to: at + 10, limits }
}

/** Two clients have continued a task. One was accepted, the other came too early. */
function honestRivalry(): ContinuationPair {
  const id = '01J00000000000000000000001'
  const types = ['turn.started', 'turn.completed', 'turn.started', 'turn.completed']
  return {
    number: 2,
    sameKey: false,
    forks: false,
    taskId: id,
    replies: [
      { status: 200, body: { task_id: id, _id: `resp_${id}0002` } },
      { status: 409, body: {} },
    ],
    final: {
      status: 200,
      body: { status: 'completed' },
      facts: types.map((type, at) => ({ type, pos: at + 1 })),
    },
    surprises: [],
  }
}

function events(): StreamEvent[] {
  const call = { toolCallId: 't1_s1_c0' }
  const told: [string, Record<string, unknown>][] = [
    ['response.started', { taskId, responseId }],
    ['part.delta', { partId: 'a', delta: { text: 'I order' } }],
    ['part.delta', { partId: 'a', delta: { text: ' it.' } }],
    ['part.done', { partId: 'a', part: { text: 'I order it.' } }],
    ['tool.started', call],
    ['tool.done', call],
    ['part.delta', { partId: 'b', delta: { text: 'Done.' } }],
    ['part.done', { partId: 'b', part: { text: 'Done.' } }],
    ['response.done', { finishReason: 'stop' }],
  ]
  return told.map(([type, data], at) => ({ id: at + 1, type, data }))
}
