import { ApiError } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { UsageError } from '../../failure.ts'
import type { Given } from '../../spec.ts'
import { eventTypesOf } from './event-types.ts'
import { type Received, startReceiver } from './receiver.ts'
import { signatureProblem } from './check-signature.ts'
import { sendSample } from './send-event.ts'

/** An endpoint whose events lead here. `remove` deletes it, if this command has created it. */
type Registered = { id: string; secret: string; remove: () => Promise<void> }

/** Receives events on this machine until Ctrl-C, or until there were enough of them. */
export async function listen(given: Given, context: Context): Promise<void> {
  const { out, interrupted } = context
  const left = createCount(given.number('count'))
  const ended = endOf(context, left.none)
  const secret = Promise.withResolvers<string>()
  const receiver = await startReceiver(given.number('port') ?? 0, async (received) => {
    // An event may come before the reply to the creation.
    const problem = signatureProblem(received, await secret.promise, Date.now())
    if (problem === undefined && show(received, context)) {
      left.take()
      return 204
    }
    out.note(`a request was refused: ${problem ?? 'it has no event'}`)
    return 400
  })
  try {
    const endpoint = await register(given, context, receiver.port)
    secret.resolve(endpoint.secret)
    try {
      out.note(`endpoint ${endpoint.id} leads to port ${receiver.port}; Ctrl-C ends this`)
      if (given.flag('test'))
        await sendSample({ id: endpoint.id, type: 'response.completed' }, context)
      await ended
    } finally {
      await endpoint.remove()
    }
  } finally {
    await receiver.close()
  }
  interrupted.throwIfAborted()
}

function createCount(most = Infinity) {
  const { promise: none, resolve } = Promise.withResolvers<void>()
  let count = most
  if (count === 0) resolve()
  return {
    none,
    take() {
      count -= 1
      if (count === 0) resolve()
    },
  }
}

/** Resolves at the end of the command: Ctrl-C, a signal that ends the process, or enough events. */
async function endOf({ interrupted }: Context, enough: Promise<void>): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  interrupted.addEventListener('abort', () => resolve(), { once: true })
  if (interrupted.aborted) resolve()
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  await Promise.race([stopped, enough])
}

async function register(given: Given, context: Context, port: number): Promise<Registered> {
  const existing = given.text('endpoint')
  return existing === undefined
    ? await createEndpoint(given, context, port)
    : await useEndpoint(existing, given, context)
}

async function useEndpoint(id: string, given: Given, context: Context): Promise<Registered> {
  const secret = given.text('secret') ?? context.env['WEBHOOK_SECRET']
  if (secret === undefined) {
    throw new UsageError(
      'the secret of the endpoint is missing',
      'Set WEBHOOK_SECRET, or give --secret. `longhaul webhooks rotate` makes a new one.',
    )
  }
  const { webhooks } = await context.client()
  const { url } = await webhooks.get(id, { signal: context.interrupted })
  context.out.note(`events go to ${url}, which must lead to this port`)
  return { id, secret, remove: async () => {} }
}

async function createEndpoint(given: Given, context: Context, port: number): Promise<Registered> {
  const { webhooks } = await context.client()
  const url = given.text('address') ?? (await localAddress(context, port))
  const body = { name: 'longhaul webhooks listen', url, event_types: eventTypesOf(given) }
  try {
    const { id, signing_secret: secret } = await webhooks.create(body)
    return { id, secret, remove: () => remove(id, context) }
  } catch (error) {
    if (!(error instanceof ApiError) || !error.fields.some(({ path }) => path === 'url'))
      throw error
    throw new UsageError(
      error.message,
      'The server sends events to public hosts with https only. Start it with LONGHAUL_EGRESS_ALLOW=127.0.0.1, ' +
        'or give --address: the public address of a tunnel to --port.',
    )
  }
}

async function localAddress({ connection }: Context, port: number): Promise<string> {
  const { url } = await connection()
  const { hostname } = new URL(url)
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return `http://127.0.0.1:${port}/`
  throw new UsageError(
    `${hostname} cannot reach this machine at 127.0.0.1`,
    'Give --address: an address that leads to --port, such as that of a tunnel.',
  )
}

/** Without the signal of Ctrl-C: the endpoint is removed because of it. */
async function remove(id: string, { client, out }: Context): Promise<void> {
  const { webhooks } = await client()
  try {
    await webhooks.delete(id)
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return
    out.note(`endpoint ${id} is left: \`longhaul webhooks delete ${id}\` removes it`)
    throw error
  }
}

/** Prints an event, and returns whether the request has one. */
function show({ headers, body }: Received, { out }: Context): boolean {
  const event = eventIn(headers['content-type'] ?? '', body.toString())
  if (event === undefined) return false
  if (out.json) out.entry(event)
  else out.print([new Date().toISOString(), event.type, ...wordsOf(event.data)].join('  '))
  return true
}

type Event = { type: string; data?: Record<string, unknown> }

function eventIn(contentType: string, text: string): Event | undefined {
  const isForm = contentType.startsWith('application/x-www-form-urlencoded')
  try {
    const json = isForm ? (new URLSearchParams(text).get('payload') ?? '') : text
    const event: unknown = JSON.parse(json)
    return typeof Object(event).type === 'string' ? (event as Event) : undefined
  } catch {
    return undefined
  }
}

/** What a line says about the subject of an event. */
function wordsOf(data: Event['data'] = {}): string[] {
  const { task_id: task, id, key, agent, status, finish_reason: reason } = data
  return [task ?? key ?? id, agent, status, reason].filter((word) => typeof word === 'string')
}
