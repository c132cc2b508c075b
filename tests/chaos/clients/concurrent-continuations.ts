import { hash } from 'node:crypto'
import { sendRequest, type Callers, isRefusal, pause } from './send-request.ts'
import type { Reply, ContinuationPair } from '../evidence/evidence.ts'
import { recordSurprise } from './client-recorder.ts'

type Options = Callers & {
  /** The name of this run, which makes its idempotency keys unique. */
  run: string
  /** Unique among all tasks. */
  number: number
  sameKey: boolean
  /** Whether they continue the response, in the dialect in which conversations fork. */
  forks: boolean
}

type Seen = Omit<ContinuationPair, 'final'>

/** Runs a task to its end, and then lets two clients continue it at the same time, each through another API. */
export async function continueConcurrently(options: Options): Promise<Seen> {
  const { run, number, sameKey, forks } = options
  const requestHashes: string[] = []
  const seen: Seen = {
    number,
    sameKey,
    forks,
    taskId: '',
    replies: [],
    surprises: [],
    requestHashes,
  }
  const key = (name: string) => {
    const text = `${run}-${number}-${name}`
    requestHashes.push(hash('sha256', text))
    return text
  }
  const begun = await retryUntilStored(
    { path: 'chaos/responses', body: bodyOf(number, 'To begin with.') },
    { ...options, seen, idempotencyKey: key('first') },
  )
  if (begun === undefined) return seen
  seen.taskId = String(begun.body['task_id'])
  await untilEnded(seen.taskId, options)
  const replies = await Promise.all(
    [0, 1].map((api) => {
      const name = sameKey ? 'both' : `own-${api}`
      const text = `And then, says ${name}.`
      const wanted = forks
        ? { path: '/v1/responses', body: goingOnFrom(begun.body['_id'], number, text) }
        : {
            path: 'chaos/responses',
            body: { task_id: seen.taskId, ...bodyOf(number, text) },
          }
      return retryUntilStored(wanted, { ...options, seen, idempotencyKey: key(name), api })
    }),
  )
  seen.replies = replies.flatMap((reply) => reply ?? [])
  const ends = forks ? idsOf(seen.replies) : [seen.taskId]
  for (const id of ends) await untilEnded(id, options)
  return seen
}

/** The ids of the responses in these replies, in either dialect. */
export function idsOf(replies: Reply[]): string[] {
  const taken = replies.filter(({ status }) => status === 200)
  return [...new Set(taken.map(({ body }) => String(body['_id'] ?? body['id'])))]
}

type Insisting = Options & { seen: Seen; idempotencyKey: string; api?: number }

/** Sends a request until it is accepted, or refused permanently. */
async function retryUntilStored(
  { path, body }: { path: string; body: object },
  options: Insisting,
): Promise<Reply | undefined> {
  const { signal, seen, sameKey, idempotencyKey } = options
  let { api } = options
  while (!signal.aborted) {
    try {
      const response = await sendRequest(
        { method: 'POST', path, idempotencyKey, body, api },
        options,
      )
      const reply = { status: response.status, body: (await response.json()) as Reply['body'] }
      if (response.ok) return reply
      // With a shared key this means that the other request is being accepted at this moment.
      if (response.status === 409 && !sameKey) return reply
      if (response.status !== 409 && !isRefusal(response)) {
        recordSurprise(seen, `POST ${response.status}`, reply.body)
      }
    } catch {
      // No answer: the same request is sent again.
    }
    api = undefined
    await pause(signal)
  }
  return undefined
}

/** Waits for the end of a task, or of one of its responses. */
async function untilEnded(id: string, options: Options): Promise<void> {
  const { signal } = options
  while (!signal.aborted) {
    await pause(signal)
    const request = { method: 'GET' as const, path: `chaos/responses/${id}` }
    const response = await sendRequest(request, options).catch(() => undefined)
    const body = (await response?.json().catch(() => undefined)) as Reply['body'] | undefined
    const lives = ['in_progress', 'queued'].includes(String(body?.['status']))
    if (response?.ok === true && body !== undefined && !lives) return
    // A failover has lost it.
    if (response?.status === 404) return
  }
}

function bodyOf(task: number, text: string): object {
  const message = { role: 'user', parts: [{ kind: 'text', text: scriptOf(task, text) }] }
  return { background: true, message }
}

function goingOnFrom(response: unknown, task: number, text: string): object {
  const input = scriptOf(task, text)
  return { model: 'agent/chaos', background: true, previous_response_id: response, input }
}

function scriptOf(task: number, text: string): string {
  const script = [{ delay: 100, text, usage: { input: 10, output: 1 } }]
  return JSON.stringify({ task, script })
}
