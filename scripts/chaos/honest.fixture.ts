import type { ClientEvidence, Evidence, StreamEvent, TaskEvidence, Transcript } from './evidence.ts'
import type { Step, TaskScript } from './script-task.ts'

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
    },
    { replies: [{ text: 'Done.' }], requests: 1, text: 'Done.', calls: [] },
  ],
  outcome: { status: 'completed', text: 'Done.' },
  usage: { input: 300, output: 6 },
}

/** All that is seen of it when every promise is kept: a fresh copy, to be spoiled. */
export function honestEvidence() {
  const client = {
    ids: [{ taskId, responseId }],
    submittedAt: 1_000,
    endedAt: 2_000 as number | undefined,
    repeats: 0,
    longestWait: 10,
    replies: [] as ClientEvidence['replies'],
    transcripts: [{ events: events(), done: true }] as Transcript[],
    surprises: [] as string[],
  }
  const final = { status: 200, body: body(), facts: facts() }
  const task = { script, client, final } satisfies TaskEvidence
  const seen = { responseId, task: 1, worker: 'worker-1' }
  const evidence: Evidence = {
    tasks: [task],
    asked: [
      { at: 1_100, step: 1, ...seen },
      { at: 1_800, step: 2, ...seen },
    ],
    served: [{ at: 1_300, responseId, callId: 't1_s1_c0', method: 'POST', tool: 'order' }],
    faults: [],
    mishaps: [],
    leftovers: [],
  }
  return { evidence, task, client, final }
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

function facts(): { type: string; pos: number }[] {
  return ['turn.started', 'step.finished', 'tool.returned', 'step.finished', 'turn.completed'].map(
    (type, at) => ({ type, pos: at + 1 }),
  )
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
