import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits, type OpenRequest, type OpenRequests } from '@longhaul/core'
import { canonicalJson } from '@longhaul/tasks'
import type { Request, Response } from 'express'
import type { Background } from '../background.ts'
import { isGone } from '../http/abort-on-disconnect.ts'
import { mayRepeat } from './known-clients.ts'
import type { Asked } from './repeat-key.ts'

type Options = {
  store: OpenRequests
  background: Background
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  /** Called when the store did not learn that this process serves. */
  onError: (error: unknown) => void
}

type Sent = { workspace: string; keyId: string; asked: Asked; request: Request; response: Response }

/** A key that this process has chosen. `isNew`: no earlier request has it. */
type Chosen = {
  key: string
  fingerprint: string
  isNew: boolean
  /** Call it when the client receives a part of the answer: it does not repeat the request after that. */
  received: () => void
}

export type OpenRequestKeys = ReturnType<typeof createOpenRequestKeys>

const { beat: beatMs, repeat: repeatMs } = limits.openRequests

/**
 * Keys for requests without an `Idempotency-Key` whose clients wait for the answer, or for the begin of its stream, and
 * repeat such requests. An identical
 * request gets the key of an earlier one only if the client of the earlier one has lost its connection or its process,
 * without an answer: so it is a repeat, and continues the same turn. Two clients that both wait get two answers.
 */
export function createOpenRequestKeys({ store, background, newHex, onError }: Options) {
  const process = newHex(32)
  /** The requests that this process serves, and when the store was last told to keep each. */
  const open = new Map<OpenRequest, number>()
  let beats = 0
  let timer: NodeJS.Timeout | undefined

  function beat(): void {
    beats += 1
    store.beat(process, beats).catch(onError)
    for (const [request, keptAt] of open) {
      const now = performance.now()
      if (now - keptAt < repeatMs / 5) continue
      open.set(request, now)
      store.keep(request).catch(onError)
    }
  }

  function add(request: OpenRequest): void {
    open.set(request, performance.now())
    if (timer !== undefined) return
    // On one connection, so the store has it before the request.
    beat()
    timer = setInterval(() => (open.size > 0 ? beat() : stop()), beatMs)
    timer.unref()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  async function hasStopped(other: string, signal: AbortSignal): Promise<boolean> {
    const first = await store.lastBeat(other)
    let latest = first
    while (latest !== undefined && latest === first) {
      await sleep(beatMs / 2, undefined, { signal })
      latest = await store.lastBeat(other)
    }
    return latest === undefined
  }

  async function stoppedAmong(processes: string[], signal: AbortSignal): Promise<string[]> {
    const others = [...new Set(processes)]
    const stopped = await Promise.all(others.map((other) => hasStopped(other, signal)))
    return others.filter((_, at) => stopped[at])
  }

  /** Adds a request or finds the one that it repeats, whose id it then has. */
  async function enter(added: OpenRequest, repeats: boolean, signal: AbortSignal) {
    const first = await store.open(added, { mayRepeat: repeats })
    if (first.action !== 'served') return first
    const stopped = await stoppedAmong(first.processes, signal)
    return await store.open(added, { mayRepeat: repeats, stopped })
  }

  /** Ends the service of a request, once. */
  function leave(request: OpenRequest, { isAnswered }: { isAnswered: boolean }): void {
    if (open.delete(request)) tell(request, { isAnswered })
  }

  function tell(request: OpenRequest, { isAnswered }: { isAnswered: boolean }): void {
    background.run(() => store.leave(request, { key: keyFor(request), isAnswered }))
  }

  return {
    /**
     * The key of a request; undefined for a client that is not known to repeat requests. The service of the request ends
     * with its response.
     */
    async keyOf(
      { workspace, keyId, asked, request: { headers }, response }: Sent,
      signal: AbortSignal,
    ): Promise<Chosen | undefined> {
      const repeats = mayRepeat(headers)
      if (repeats === undefined || isGone(response)) return undefined
      const name = hash('sha256', canonicalJson([keyId, headers['user-agent'] ?? '', asked]))
      const added: OpenRequest = { workspace, name, id: newHex(32), process }
      add(added)
      response.once('close', () => leave(added, { isAnswered: isAnswer(response) }))
      const opened = await enter(added, repeats, signal)
      if (opened.action === 'repeat') added.id = opened.id
      // The end of the response came before the store had the request, or before its id was known.
      if (isGone(response)) tell(added, { isAnswered: false })
      return {
        key: keyFor(added),
        fingerprint: name,
        isNew: opened.action === 'opened',
        received: () => leave(added, { isAnswered: true }),
      }
    },
  }
}

/** No caller can send such a key: it contains a space. */
function keyFor({ id }: OpenRequest): string {
  return `open ${id}`
}

/** Whether a response that is over was one that clients do not ask for again. */
function isAnswer({ writableFinished, statusCode }: Response): boolean {
  return writableFinished && statusCode < 500
}
