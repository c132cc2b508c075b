import {
  type Attempt,
  type Append,
  type Fact,
  factVersion,
  heldFact,
  LonghaulError,
  type ModelWait,
  type NewDelta,
  type NewFact,
  type Result,
  type Status,
  type TaskStore,
  type Writer,
  wellFormed,
} from '@longhaul/core'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningAttempt } from './attempt.ts'
import type { NextTurn } from './next-turn.ts'

/**
 * The log of a task as one attempt reads and writes it. Writes are sent one after the other, each with its ordinal;
 * facts that wait are sent together. While Redis refuses writes (full, read-only) they are retried, even after the
 * lease has expired: an answer that was paid for is discarded only if the store reports that another attempt has the
 * turn, or if the worker must shut down.
 */
export function openLogWriter(
  store: TaskStore,
  attempt: RunningAttempt,
  read: { facts: Fact[]; bytes: number; held: number },
  nextTurn: () => NextTurn | undefined = () => undefined,
) {
  const facts = [...read.facts]
  let { bytes, held } = read
  const fence: Attempt = attempt.ref
  /** Sends what is known of the log with a write: a fact must not be recorded after a gap in the log. */
  const writer = (): Writer => {
    const seen = facts.at(-1)
    if (seen === undefined) return fence
    return { ...fence, seen: { length: facts.length, pos: seen.pos, at: seen.at } }
  }
  let ordinal = 0
  let waiting: { facts: NewFact[]; done: () => void; failed: (error: unknown) => void }[] = []
  let last: Promise<unknown> = Promise.resolve()
  let received = { at: facts.at(-1)?.at ?? 0, since: performance.now() }

  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const result = last.then(write)
    last = result.catch(() => {})
    return result
  }

  async function untilStored<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!(error instanceof LonghaulError) || error.code !== 'unavailable') throw error
        attempt.throwIfLeaving()
        await sleep(retryMs)
      }
    }
  }

  /**
   * Reads the new facts. The facts that were read before must still be there: a Redis may restart without its last
   * second.
   */
  async function refresh(): Promise<void> {
    const [known, ...more] = await store.facts(fence.taskId, facts.length - 1)
    const seen = facts.at(-1)
    if (known?.pos !== seen?.pos || known?.at !== seen?.at)
      throw attempt.lose('the log has lost recorded facts')
    facts.push(...more)
  }

  async function flush(): Promise<void> {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      const added = batch.flatMap((entry) => entry.facts)
      ordinal += 1
      const appended = { ...writer(), ordinal, facts: added }
      const reply = await untilStored(() => store.append(appended))
      if (reply.outcome !== 'ok') throw attempt.lose(fenced)
      attempt.receive(reply)
      bytes = reply.bytes
      held = reply.held
      received = { at: reply.at, since: performance.now() }
      if (reply.length === facts.length + added.length) {
        const first = reply.pos - added.length + 1
        facts.push(
          ...added.map((fact, at) =>
            heldFact({ ...fact, v: factVersion, pos: first + at, at: reply.at }),
          ),
        )
      } else {
        await refresh()
      }
      for (const entry of batch) entry.done()
    } catch (error) {
      for (const entry of batch) entry.failed(error)
    }
  }

  /** Records a decision. The claim of the next turn is sent with it, and again with each repetition. */
  async function record(
    fact: NewFact,
    decided: (folded: number) => Pick<Append, 'end' | 'park'>,
  ): Promise<Recorded | undefined> {
    ordinal += 1
    const next = nextTurn()
    const appended = { ...writer(), ordinal, facts: [fact], ...decided(facts.length) }
    const reply = await untilStored(() => store.append({ ...appended, next: next?.claim }))
    if (reply.outcome === 'fenced') throw attempt.lose(fenced)
    attempt.receive(reply)
    if (reply.outcome === 'ok') {
      return next !== undefined && reply.next !== undefined
        ? { next: { ...next, reply: reply.next } }
        : {}
    }
    await refresh()
    return undefined
  }

  return {
    facts: facts as readonly Fact[],

    /** Retries a store operation until it succeeds. */
    untilStored,

    size: () => ({ facts: facts.length, bytes }),

    /** The number of bytes of the log in memory. */
    held: () => held,

    /** The time on Redis's clock in epoch milliseconds: the clock of this machine may be wrong. */
    now: () => received.at + performance.now() - received.since,

    /** Records facts, without lone surrogates, which model vendors refuse. */
    append(added: NewFact[]): Promise<void> {
      const written = new Promise<void>((done, failed) => {
        waiting.push({ facts: added.map(wellFormed), done, failed })
      })
      void inTurn(flush)
      return written
    },

    /** Ends the turn. Returns undefined if the log has changed since it was folded: then it has been read again. */
    end: (fact: NewFact, status: Status, result: Result): Promise<Recorded | undefined> =>
      inTurn(() => record(fact, (folded) => ({ end: { folded, status, result } }))),

    /**
     * Parks the turn, with the rate of a model that it waits for. Returns undefined if the log has changed, as with
     * `end`.
     */
    park: (until: number, wait?: ModelWait): Promise<Recorded | undefined> => {
      const reason = wait && { for: wait.kind }
      return inTurn(() =>
        record({ type: 'turn.parked', until, ...reason }, (folded) => ({
          park: { folded, until, ...(wait && { wait }) },
        })),
      )
    },

    /** Records streamed output. */
    stream(deltas: NewDelta[]): Promise<void> {
      return inTurn(async () => {
        ordinal += 1
        const reply = await untilStored(() => store.stream(writer(), ordinal, deltas))
        if (!reply.alive) throw attempt.lose(fenced)
        attempt.receive(reply)
      })
    },

    /** Makes another write that also records facts, and reads them. */
    piggyback<T>(write: (as: Writer) => Promise<T>): Promise<T> {
      return inTurn(async () => {
        const outcome = await untilStored(() => write(writer()))
        await untilStored(refresh)
        return outcome
      })
    },

    refresh: () => inTurn(refresh),
  }
}

/** A recorded decision, with the claim of the next turn if there was one. */
type Recorded = { next?: NextTurn }

/** The reason why an attempt whose write was fenced is over. */
export const fenced = 'another attempt has the turn, or the log has lost recorded facts'

/** Milliseconds until a refused write is retried: short, because a lease may be expiring. */
const retryMs = 100

export type LogWriter = ReturnType<typeof openLogWriter>
