import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientEvidence, StreamEvent } from './evidence.ts'
import { readEvents } from './read-events.ts'
import type { TaskScript } from './script-task.ts'

export type ClientOptions = {
  /** The APIs; each request goes to any of them. */
  urls: string[]
  key: string
  /** Names this run, so that its keys are its own. */
  run: string
  signal: AbortSignal
}

/** How long a request may take before its client hangs up and repeats it. */
const hangUp = 30_000

/**
 * Submits a task as its script says and stays until it has ended. A client that loses its connection,
 * or is told to come back later, repeats its request under the same key until it has an answer.
 */
export async function runClient(task: TaskScript, options: ClientOptions): Promise<ClientEvidence> {
  const seen: ClientEvidence = {
    ids: [],
    submittedAt: Date.now(),
    endedAt: undefined,
    repeats: -1,
    longestWait: 0,
    replies: [],
    transcripts: [],
    surprises: [],
  }
  const ended = () => seen.endedAt !== undefined
  while (!options.signal.aborted && !ended()) {
    seen.repeats += 1
    try {
      await submit(task, { seen, ...options })
    } catch {
      // Nobody answered, or not to the end: the same request again.
    }
    if (!ended()) await pause(options.signal)
  }
  return seen
}

type Watched = ClientOptions & { seen: ClientEvidence }

async function submit(task: TaskScript, watched: Watched): Promise<void> {
  const { seen } = watched
  const send = () => request('POST', 'chaos/responses', { ...watched, task })
  const response = await (task.mode === 'sync' ? send() : timed(seen, send))
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    return await follow(response, seen)
  }
  const body = (await response.json()) as Record<string, unknown>
  if (response.ok) note(seen, body['task_id'], body['_id'])
  else if (body['task_id'] !== undefined) note(seen, body['task_id'], body['response_id'])

  if (response.ok && task.mode === 'background') return await poll(String(body['task_id']), watched)
  const failed = body['task_id'] !== undefined && response.status !== 504
  if (response.ok || failed) {
    seen.replies.push({ status: response.status, body })
    seen.endedAt = Date.now()
  } else if (response.status !== 503 && response.status !== 504) {
    surprise(seen, `POST ${response.status}`, body)
  }
}

async function follow(response: Response, seen: ClientEvidence): Promise<void> {
  const transcript = { events: [] as StreamEvent[], done: false }
  seen.transcripts.push(transcript)
  for await (const event of readEvents(response)) {
    if (event === 'done') {
      transcript.done = true
      seen.endedAt = Date.now()
      return
    }
    transcript.events.push(event)
    if (event.type === 'response.started') {
      note(seen, event.data['taskId'], event.data['responseId'])
    }
  }
}

/** Reads a task until it has ended. */
async function poll(taskId: string, watched: Watched): Promise<void> {
  const { seen, signal } = watched
  while (!signal.aborted) {
    await pause(signal)
    try {
      const response = await timed(seen, () => request('GET', `chaos/responses/${taskId}`, watched))
      const body = (await response.json()) as Record<string, unknown>
      if (response.ok && body['status'] !== 'in_progress') {
        seen.endedAt = Date.now()
        return
      }
      if (!response.ok && response.status !== 503) surprise(seen, `GET ${response.status}`, body)
    } catch {
      // Nobody answered: asked again.
    }
  }
}

/** Notes how long it took, whatever came of it. */
async function timed<T>(seen: ClientEvidence, act: () => Promise<T>): Promise<T> {
  const from = Date.now()
  try {
    return await act()
  } finally {
    seen.longestWait = Math.max(seen.longestWait, Date.now() - from)
  }
}

/** One request to any of the APIs. */
async function request(
  method: string,
  path: string,
  { urls, key, run, signal, task }: ClientOptions & { task?: TaskScript },
): Promise<Response> {
  const url = urls[Math.floor(Math.random() * urls.length)]
  return await fetch(`${url}/v2/agents/${path}`, {
    method,
    signal: AbortSignal.any([signal, AbortSignal.timeout(hangUp)]),
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(task && { 'idempotency-key': `${run}-${task.number}` }),
    },
    ...(task && { body: JSON.stringify(requestOf(task)) }),
  })
}

function requestOf({ number, mode, steps }: TaskScript): object {
  const script = steps.map(({ replies }) => replies)
  const text = JSON.stringify({ task: number, script })
  return {
    message: { role: 'user', parts: [{ kind: 'text', text }] },
    ...(mode === 'background' && { background: true }),
    ...(mode === 'stream' && { stream: true }),
  }
}

function note(seen: ClientEvidence, taskId: unknown, responseId: unknown): void {
  const ids = { taskId: String(taskId), responseId: String(responseId) }
  const known = seen.ids.some(
    (each) => each.responseId === ids.responseId && each.taskId === ids.taskId,
  )
  if (!known) seen.ids.push(ids)
}

function surprise(seen: ClientEvidence, what: string, body: Record<string, unknown>): void {
  const text = `${what}: ${String(body['message'])}`
  if (!seen.surprises.includes(text)) seen.surprises.push(text)
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(200 + Math.random() * 400, undefined, { signal }).catch(() => {})
}
