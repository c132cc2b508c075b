import { hash } from 'node:crypto'
import { readEvents } from '@longhaul/testbed/servers'
import { sendRequest, isRefusal, pause } from './send-request.ts'
import { cancelWhenDue } from './cancel-when-due.ts'
import type { ClientEvidence, Submission, Transcript } from '../evidence/evidence.ts'
import { recordIds, recordSurprise, recordTime } from './client-recorder.ts'
import { usualAgent } from '../cluster/create-agents.ts'
import type { TaskScript } from '../tasks/task-script.ts'
import { headersOf } from '../tasks/turn-options.ts'
import type { ClientOptions } from './client-options.ts'

/** A task's client, or one of its two clients, which share the evidence. */
type Visit = ClientOptions & {
  seen: ClientEvidence
  over: boolean
  first: number | undefined
  /** The latest reply, if it is a refusal. */
  refusal?: Response | undefined
}

/**
 * Submits a task as its script says and waits for its end. A client that loses its connection, or that
 * must retry later, repeats its request under the same key until it has an answer.
 */
export async function runClient(task: TaskScript, options: ClientOptions): Promise<ClientEvidence> {
  const seen: ClientEvidence = {
    requestHash: hash('sha256', `${options.run}-${task.number}`),
    ids: [],
    submittedAt: Date.now(),
    endedAt: undefined,
    repeats: 0,
    longestWait: 0,
    longestRefusal: { ms: 0, at: 0 },
    submissions: [],
    replies: [],
    transcripts: [],
    surprises: [],
  }
  const firsts = task.twins === true ? [0, 1] : [undefined]
  const visits = firsts.map((first): Visit => ({ ...options, seen, over: false, first }))
  const left = new AbortController()
  const cancelled = cancelWhenDue(task, { ...options, seen, left: left.signal })
  await Promise.all(visits.map((visit) => stay(task, visit)))
  left.abort()
  await cancelled
  if (visits.some(({ over }) => !over)) seen.endedAt = undefined
  return seen
}

async function stay(task: TaskScript, visit: Visit): Promise<void> {
  const { signal, seen } = visit
  for (let tries = 0; !signal.aborted; tries += 1) {
    if (tries > 0) seen.repeats += 1
    try {
      await submit(task, visit)
    } catch {
      // No answer, or an incomplete one: the same request is sent again.
    }
    if (visit.over) return
    visit.first = undefined
    await pause(signal, visit.refusal)
  }
}

async function submit(task: TaskScript, visit: Visit): Promise<void> {
  const { seen, run, first } = visit
  const request = {
    method: 'POST' as const,
    path: `${agentOf(task)}/responses`,
    idempotencyKey: `${run}-${task.number}`,
    body: bodyOf(task),
    headers: headersOf(task),
    api: first,
  }
  const submission: Submission = { from: Date.now(), to: Infinity }
  seen.submissions.push(submission)
  const send = () => sendRequest(request, visit)
  visit.refusal = undefined
  const response = await (task.mode === 'sync' ? send() : recordTime(seen, send))
  Object.assign(submission, { to: Date.now(), status: response.status })
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    return await follow(response, task, visit)
  }
  const body = (await response.json()) as Record<string, unknown>
  if (body['task_id'] !== undefined) submission.named = true
  // With a task's id the request may have been accepted, otherwise it was not. A repeat makes no second turn.
  if (isRefusal(response)) {
    visit.refusal = response
    return
  }
  if (response.ok) recordIds(seen, body['task_id'], body['_id'])
  else if (body['task_id'] !== undefined) recordIds(seen, body['task_id'], body['response_id'])

  // A call needs approval first. The task continues after it, and the client waits again.
  if (body['finish_reason'] === 'tool_calls') return
  if (response.ok && task.mode === 'background') {
    return await poll(`${agentOf(task)}/responses/${String(body['task_id'])}`, visit)
  }
  const failed = body['task_id'] !== undefined && response.status !== 504
  if (response.ok || failed) {
    seen.replies.push({ status: response.status, body })
    end(visit)
  } else if (response.status !== 504) {
    recordSurprise(seen, `POST ${response.status}`, body)
  }
}

/** Reads a stream to its end. After a cut, every second client resumes it, and the others repeat their request. */
async function follow(begun: Response, task: TaskScript, visit: Visit): Promise<void> {
  const transcript: Transcript = { events: [], done: false }
  visit.seen.transcripts.push(transcript)
  let response: Response | undefined = begun
  while (!visit.signal.aborted) {
    try {
      if (response !== undefined) await read(response, transcript, visit)
    } catch (cut) {
      if (task.number % 2 === 1 || transcript.events.length === 0) throw cut
    }
    if (transcript.done) return end(visit)
    await pause(visit.signal)
    response = await resume(agentOf(task), transcript, visit)
  }
}

/** Rejects when the stream is cut. */
async function read(response: Response, transcript: Transcript, { seen }: Visit): Promise<void> {
  for await (const event of readEvents(response)) {
    if (event === 'done') {
      transcript.done = true
      return
    }
    const { id, type, data } = event
    transcript.events.push({ id, type, data })
    if (type === 'response.started') recordIds(seen, data['taskId'], data['responseId'])
  }
  // The last event had arrived, but the end of the stream had not.
  if (response.status !== 204) throw new Error('the stream was cut')
  transcript.done = true
}

/** The stream of a task after the last event that was seen; undefined while it is unavailable. */
async function resume(
  agent: string,
  { events }: Transcript,
  visit: Visit,
): Promise<Response | undefined> {
  const path = `${agent}/responses/${String(events[0]?.data['taskId'])}/events`
  const lastEventId = events.at(-1)?.id ?? 0
  const response = await sendRequest({ method: 'GET', path, lastEventId }, visit).catch(none)
  if (response === undefined || response.ok) return response
  // The task is gone: its request is repeated.
  const isGone = response.status === 404
  if (!isRefusal(response))
    recordSurprise(
      visit.seen,
      `GET events ${response.status}`,
      (await response.json()) as Record<string, unknown>,
    )
  if (isGone) throw new Error('the task is gone')
  return undefined
}

/** Reads a task until it has ended. */
async function poll(path: string, visit: Visit): Promise<void> {
  const { seen, signal } = visit
  while (!signal.aborted) {
    await pause(signal)
    try {
      const response = await recordTime(seen, () => sendRequest({ method: 'GET', path }, visit))
      const body = (await response.json()) as Record<string, unknown>
      if (response.ok && body['status'] !== 'in_progress') return end(visit)
      if (!response.ok && !isRefusal(response)) recordSurprise(seen, `GET ${response.status}`, body)
      // The task is gone: its request is repeated.
      if (response.status === 404) return
    } catch {
      // No answer: the read is repeated.
    }
  }
}

function none(): undefined {}

function end(visit: Visit): void {
  visit.over = true
  visit.seen.endedAt = Date.now()
}

function agentOf({ agent = usualAgent }: TaskScript): string {
  return agent
}

function bodyOf({ number, mode, steps }: TaskScript): object {
  const script = steps.map(({ replies }) => replies)
  const text = JSON.stringify({ task: number, script })
  return {
    message: { role: 'user', parts: [{ kind: 'text', text }] },
    ...(mode === 'background' && { background: true }),
    ...(mode === 'stream' && { stream: true }),
  }
}
