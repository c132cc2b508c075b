import {
  type AppProcess,
  assertValidReply,
  exchange,
  repliesIn,
  type Reply,
  requestBytes,
  type Sent,
  strangersKey,
  testKey,
  workerTest,
} from '@longhaul/testbed'
import { expect } from 'vitest'
import { newAgent } from '../support/new-agent.ts'

export { expect } from 'vitest'

/** The key of another workspace. */
export const foreignKey = strangersKey

export const bearer = `Bearer ${testKey}`

export type Ask = Sent & { json?: unknown; key?: string }

/**
 * An API process without a worker, and a client with bare sockets. Every reply is checked
 * in every test, and after each test the process must still be healthy.
 */
export const test = workerTest
  .extend('api', { scope: 'file' }, ({ workspace }) => workspace.api)
  .extend('rawHttp', ({ api }, { onCleanup }) => openRawHttpOf(api, onCleanup))
  .extend('agent', { scope: 'file' }, async ({ api }) => {
    const agent = newAgent()
    const rawHttp = openRawHttp(Number(new URL(api.url).port))
    await rawHttp.ask('POST /v2/agents', { json: agent })
    return agent.key
  })

type OnCleanup = (end: () => Promise<void>) => void

/** Opens a raw client of a process. At the end of the test the process must be healthy and must not have logged an error. */
export function openRawHttpOf(
  { url, log }: AppProcess,
  onCleanup: OnCleanup,
  key = testKey,
): RawHttp {
  const rawHttp = openRawHttp(Number(new URL(url).port), key)
  const linesBefore = log.length
  onCleanup(async () => {
    const health = await rawHttp.ask('GET /healthz')
    expect([health.status, health.text]).toEqual([200, '{"status":"ok"}'])
    const errors = log.slice(linesBefore).filter((line) => /"level":"(error|fatal)"/.test(line))
    expect(errors).toEqual([])
  })
  return rawHttp
}

export type RawHttp = ReturnType<typeof openRawHttp>

/** Opens a raw client of any API process that accepts the key. */
export function openRawHttp(port: number, ownKey = testKey) {
  /** Sends bytes unchanged. The server must close the connection, and every reply must be valid. */
  async function send(bytes: string | Buffer, about?: string): Promise<Reply[]> {
    const name = about ?? bytes.toString('latin1', 0, 200)
    const received = await exchange(port, bytes).catch((cause: unknown) => {
      throw new Error(`${name}: no answer`, { cause })
    })
    const replies = repliesIn(received)
    for (const reply of replies) assertValidReply(reply, name)
    return replies
  }

  return {
    port,
    send,

    /** Sends one request with the key, and returns its only reply. */
    async ask(line: string, { json, key = ownKey, ...sent }: Ask = {}): Promise<Reply> {
      const body = sent.body ?? (json === undefined ? undefined : JSON.stringify(json))
      const bytes = requestBytes(line, {
        ...(body !== undefined && { body }),
        headers: {
          Authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...sent.headers,
        },
      })
      const about = `${line.slice(0, 200)} ${body?.toString().slice(0, 200) ?? ''}`
      const [reply, ...more] = await send(bytes, about)
      if (reply === undefined) throw new Error(`no reply to ${about}`)
      if (more.length > 0) throw new Error(`more than one reply to ${about}`)
      return reply
    },
  }
}

export function jsonOf({ text }: Reply): Record<string, unknown> {
  return JSON.parse(text)
}

/** A turn that is accepted at once and does not run, as there is no worker. */
export function turn(text: string) {
  return { background: true, message: { role: 'user', parts: [{ kind: 'text', text }] } }
}
