import { readEvents } from '@longhaul/testing/servers'
import { ask, type Callers, isRefusal, pause } from './ask.ts'
import { cancelWhenDue } from './cancel-when-due.ts'
import type { AskedStep, ClientEvidence, StreamEvent } from './evidence.ts'
import { note, surprise, timed } from './note.ts'
import type { TaskScript } from './task-script.ts'
import type { Wanted } from './vendors.ts'

export type ClientOptions = Callers & {
  /** Names this run, so that its keys are its own. */
  run: string
  /** Resolves when the model has been asked for a step of a task. */
  whenAsked: (wanted: Wanted, signal: AbortSignal) => Promise<AskedStep>
}

/** A task's client, or one of two that are twins: what it has seen goes into one evidence. */
type Visit = ClientOptions & { seen: ClientEvidence; over: boolean; first: number | undefined }

/**
 * Submits a task as its script says and stays until it has ended. A client that loses its connection,
 * or is told to come back later, repeats its request under the same key until it has an answer.
 */
export async function runClient(task: TaskScript, options: ClientOptions): Promise<ClientEvidence> {
  const seen: ClientEvidence = {
    ids: [],
    submittedAt: Date.now(),
    endedAt: undefined,
    repeats: 0,
    longestWait: 0,
    longestRefusal: { ms: 0, at: 0 },
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
      // Nobody answered, or not to the end: the same request again.
    }
    if (visit.over) return
    visit.first = undefined
    await pause(signal)
  }
}

async function submit(task: TaskScript, visit: Visit): Promise<void> {
  const { seen, run, first } = visit
  const request = {
    method: 'POST' as const,
    path: 'chaos/responses',
    idempotencyKey: `${run}-${task.number}`,
    body: bodyOf(task),
    api: first,
  }
  const send = () => ask(request, visit)
  const response = await (task.mode === 'sync' ? send() : timed(seen, send))
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    return await follow(response, visit)
  }
  const body = (await response.json()) as Record<string, unknown>
  if (response.ok) note(seen, body['task_id'], body['_id'])
  else if (body['task_id'] !== undefined) note(seen, body['task_id'], body['response_id'])

  if (response.ok && task.mode === 'background') return await poll(String(body['task_id']), visit)
  const failed = body['task_id'] !== undefined && response.status !== 504
  if (response.ok || failed) {
    seen.replies.push({ status: response.status, body })
    end(visit)
  } else if (!isRefusal(response) && response.status !== 504) {
    surprise(seen, `POST ${response.status}`, body)
  }
}

async function follow(response: Response, visit: Visit): Promise<void> {
  const { seen } = visit
  const transcript = { events: [] as StreamEvent[], done: false }
  seen.transcripts.push(transcript)
  for await (const event of readEvents(response)) {
    if (event === 'done') {
      transcript.done = true
      end(visit)
      return
    }
    transcript.events.push(event)
    if (event.type === 'response.started') {
      note(seen, event.data['taskId'], event.data['responseId'])
    }
  }
}

/** Reads a task until it has ended. */
async function poll(taskId: string, visit: Visit): Promise<void> {
  const { seen, signal } = visit
  const path = `chaos/responses/${taskId}`
  while (!signal.aborted) {
    await pause(signal)
    try {
      const response = await timed(seen, () => ask({ method: 'GET', path }, visit))
      const body = (await response.json()) as Record<string, unknown>
      if (response.ok && body['status'] !== 'in_progress') return end(visit)
      if (!response.ok && !isRefusal(response)) surprise(seen, `GET ${response.status}`, body)
    } catch {
      // Nobody answered: asked again.
    }
  }
}

function end(visit: Visit): void {
  visit.over = true
  visit.seen.endedAt = Date.now()
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
