import { randomUUID } from 'node:crypto'
import type { Cluster, RecordedRequest, ScriptedReply } from '@longhaul/testbed'
import { newAgent } from '../support/new-agent.ts'
import { until } from '../support/until.ts'
import type { Client, Server } from './client.ts'
import { wholeAnswer } from './failures.ts'
import { isForTitle } from './vendor-request.ts'

/**
 * By client: how often the vendor was called for one call of the client, and what the client returned: `2, answer`.
 * A client with a whole answer and a stream has two entries if they differ.
 */
export type Row = Record<string, string>

type Failure = {
  /** The vendor's replies to the tries of one model call. The last one repeats. */
  replies: ScriptedReply[]
  /** Runs when the calls of all clients have reached the vendor. */
  meanwhile?: () => Promise<unknown>
}

/**
 * Has every client make one call under a failure, also several times at once in one cluster, whose API the
 * clients reach at `url`. `Longhaul` is a call in the background, which no client repeats.
 */
export function createCallCounter(cluster: Cluster, { url = cluster.url } = {}) {
  const scripts = new Map<string, ScriptedReply[]>()
  const requestsOf = (id: string | undefined) =>
    cluster.model.requests.filter((request) => idOf(request) === id)
  cluster.model.reply((request) => {
    const replies = scripts.get(idOf(request) ?? '')
    if (replies === undefined) return undefined
    const { idempotencyKey } = request
    const tries = requestsOf(idOf(request)).filter((each) => each.idempotencyKey === idempotencyKey)
    return replies[Math.min(tries.length, replies.length) - 1]
  })

  return async (
    clients: Record<string, Client[]>,
    { replies, meanwhile }: Failure,
  ): Promise<Row> => {
    const server = await serverOf(cluster, url)
    const calls = Object.entries({ Longhaul: [background(cluster)], ...clients }).flatMap(
      ([name, modes]) => modes.map((ask) => ({ name, ask, id: randomUUID() })),
    )
    for (const { id } of calls) scripts.set(id, replies)
    const asked = Promise.all(calls.map(({ ask, id }) => outcomeOf(ask(promptOf(id), server))))
    if (meanwhile !== undefined) {
      await until(() => calls.every(({ id }) => requestsOf(id).length > 0) || undefined)
      await meanwhile()
    }
    const outcomes = await asked
    await until(async () => (await isIdle(cluster)) || undefined)
    const row: Record<string, Set<string>> = {}
    for (const [at, { name, id }] of calls.entries()) {
      row[name] ??= new Set()
      row[name].add(`${requestsOf(id).length}, ${outcomes[at]}`)
    }
    return Object.fromEntries(
      Object.entries(row).map(([name, cells]) => [name, [...cells].join('; ')]),
    )
  }
}

/** An agent of the cluster as a server. Its model is called twice at most. */
async function serverOf(cluster: Cluster, url: string): Promise<Server> {
  const agent = { ...newAgent(), model: { id: 'openai/scripted', retry: { count: 1 } } }
  await cluster.call('POST', '/v2/agents', agent)
  return {
    baseURL: `${url}/v1`,
    apiKey: cluster.key,
    model: `agent/${agent.key}`,
    signal: new AbortController().signal,
  }
}

/** A call in the background. */
function background({ call }: Cluster): Client {
  return async (input, { model }) => {
    const { body } = await call('POST', '/v1/responses', { model, input, background: true })
    const { status, output } = await until(async () => {
      const path = `/v1/responses/${String(body['id'])}?wait=60`
      // Redis may restart meanwhile.
      const read = await call('GET', path).catch(() => undefined)
      const response = (read?.body ?? {}) as { status?: string; output?: Item[] }
      return ['completed', 'failed', 'incomplete'].includes(response.status ?? '')
        ? response
        : undefined
    })
    if (status === 'failed') throw new Error('the turn failed')
    return (output ?? [])
      .flatMap(({ content = [] }) => content)
      .map(({ text }) => text)
      .join('')
  }
}

type Item = { content?: { text: string }[] }

async function outcomeOf(answer: Promise<string>): Promise<string> {
  const text = await answer.catch(() => undefined)
  if (text === undefined) return 'error'
  if (text.includes(wholeAnswer)) return 'answer'
  return text === '' ? 'nothing' : 'part'
}

/** Whether no turn runs. */
async function isIdle({ call }: Cluster): Promise<boolean> {
  const { body } = await call('GET', '/v2/responses?status=in_progress&limit=1')
  return Array.isArray(body['data']) && body['data'].length === 0
}

function promptOf(id: string): string {
  return `This is call ${id}.`
}

/** The call of a client that a request is for. Requests for titles are not counted. */
function idOf(request: RecordedRequest): string | undefined {
  if (isForTitle(request)) return undefined
  return /This is call ([0-9a-f-]+)\./.exec(JSON.stringify(request.body.messages))?.[1]
}
