import { ask, type Callers, isRefusal, pause } from './ask.ts'
import type { Reply, RivalryEvidence } from './evidence.ts'
import { surprise } from './note.ts'

type Options = Callers & {
  /** Names this run, so that its keys are its own. */
  run: string
  /** Unlike that of any task. */
  number: number
  sameKey: boolean
}

type Seen = Omit<RivalryEvidence, 'final'>

/** Has a task ended, then lets two clients go on with it at the same time, each by another API. */
export async function runRivals(options: Options): Promise<Seen> {
  const { run, number, sameKey } = options
  const seen: Seen = { number, sameKey, taskId: '', replies: [], surprises: [] }
  const key = (name: string) => `${run}-${number}-${name}`
  const begun = await insist(bodyOf(number, 'To begin with.'), {
    ...options,
    seen,
    idempotencyKey: key('first'),
  })
  if (begun === undefined) return seen
  seen.taskId = String(begun.body['task_id'])
  await untilEnded(seen.taskId, options)
  const replies = await Promise.all(
    [0, 1].map((api) => {
      const name = sameKey ? 'both' : `rival-${api}`
      const body = { task_id: seen.taskId, ...bodyOf(number, `And then, says ${name}.`) }
      return insist(body, { ...options, seen, idempotencyKey: key(name), api })
    }),
  )
  seen.replies = replies.flatMap((reply) => reply ?? [])
  await untilEnded(seen.taskId, options)
  return seen
}

type Insisting = Options & { seen: Seen; idempotencyKey: string; api?: number }

/** Sends a request until it is taken, or refused for good. */
async function insist(body: object, options: Insisting): Promise<Reply | undefined> {
  const { signal, seen, sameKey, idempotencyKey } = options
  let { api } = options
  while (!signal.aborted) {
    try {
      const response = await ask(
        { method: 'POST', path: 'chaos/responses', idempotencyKey, body, api },
        options,
      )
      const reply = { status: response.status, body: (await response.json()) as Reply['body'] }
      if (response.ok) return reply
      // Under one key it means: the twin is being taken at this moment.
      if (response.status === 409 && !sameKey) return reply
      if (response.status !== 409 && !isRefusal(response)) {
        surprise(seen, `POST ${response.status}`, reply.body)
      }
    } catch {
      // Nobody answered: the same request again.
    }
    api = undefined
    await pause(signal)
  }
  return undefined
}

async function untilEnded(taskId: string, options: Options): Promise<void> {
  const { signal } = options
  while (!signal.aborted) {
    await pause(signal)
    const request = { method: 'GET' as const, path: `chaos/responses/${taskId}` }
    const response = await ask(request, options).catch(() => undefined)
    const body = (await response?.json().catch(() => undefined)) as Reply['body'] | undefined
    if (response?.ok === true && body !== undefined && body['status'] !== 'in_progress') return
  }
}

function bodyOf(task: number, text: string): object {
  const script = [{ delay: 100, text, usage: { input: 10, output: 1 } }]
  const message = {
    role: 'user',
    parts: [{ kind: 'text', text: JSON.stringify({ task, script }) }],
  }
  return { background: true, message }
}
