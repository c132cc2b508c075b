import {
  type Attempt,
  type Append,
  createGrowingState,
  type Fact,
  factVersion,
  heldFact,
  limits,
  LonghaulError,
  type ModelWait,
  type NewDelta,
  type NewFact,
  numbersOf,
  type ParkedFor,
  type Result,
  type State,
  type Status,
  type TaskStore,
  turnUsage,
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
  /** Facts that have happened, and that the next facts or the next decision are to be recorded with. */
  let kept: Kept[] = []
  let state = createGrowingState()
  let waiting: Waiting[] = []
  let last: Promise<unknown> = Promise.resolve()
  let received = { at: facts.at(-1)?.at ?? 0, since: performance.now() }

  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const result = last.then(write)
    last = result.catch(() => {})
    return result
  }

  async function untilStored<T>(
    write: () => Promise<T>,
    pauseAfter: (error: LonghaulError) => number = () => retryMs,
  ): Promise<T> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!(error instanceof LonghaulError) || error.code !== 'unavailable') throw error
        attempt.throwIfLeaving()
        await sleep(pauseAfter(error))
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
      const before = kept
      kept = []
      const added = [
        ...before.map(({ fact }) => fact),
        ...batch.flatMap((entry) => entry.facts),
        ...batch.flatMap((entry) => entry.later),
      ]
      ordinal += 1
      const appended = { ...writer(), ordinal, facts: added }
      const reply = await untilStored(() => store.append(appended))
      if (reply.outcome !== 'ok') throw attempt.lose(fenced)
      attempt.receive(reply)
      bytes = reply.bytes
      held = reply.held
      received = { at: reply.at, since: performance.now() }
      if (reply.length === facts.length + added.length) {
        const taken = added.reduce((sum, fact) => sum + numbersOf(fact), 0)
        const now = recorded(added, { after: reply.pos - taken, at: reply.at })
        facts.push(...asRecorded(before, now))
      } else {
        // Other facts came before those that are folded already.
        if (before.length > 0) state = createGrowingState()
        await refresh()
      }
      for (const entry of batch) entry.done()
    } catch (error) {
      for (const entry of batch) entry.failed(error)
    }
  }

  function factsWithKept(): Fact[] {
    return kept.length === 0 ? facts : [...facts, ...kept.map(({ proposed }) => proposed)]
  }

  function append(added: NewFact[], later: NewFact[] = []): Promise<void> {
    return new Promise<void>((done, failed) => {
      waiting.push({ facts: added, later, done, failed })
    })
  }

  /** Records the facts that were kept. */
  async function recordKept(): Promise<void> {
    const written = append([])
    await flush()
    await written
  }

  /**
   * Records a decision, and an end with the facts that were kept. The claim of the next turn is sent with it, and again
   * with each repetition.
   */
  async function record(
    fact: NewFact,
    decided: (folded: number) => Pick<Append, 'end' | 'park'>,
  ): Promise<Recorded | undefined> {
    ordinal += 1
    const next = nextTurn()
    const added = [...kept.map((each) => each.fact), fact]
    const appended = { ...writer(), ordinal, facts: added, ...decided(facts.length) }
    let wasFull = false
    const reply = await untilStored(
      () => store.append({ ...appended, next: next?.claim }),
      ({ reason }) => {
        if (reason !== 'store_full') return retryMs
        wasFull = true
        return limits.unavailableDelay
      },
    )
    if (reply.outcome === 'fenced') throw attempt.lose(fenced)
    attempt.receive(reply)
    if (reply.outcome === 'ok') {
      return {
        wasFull,
        ...(next !== undefined &&
          reply.next !== undefined && { next: { ...next, reply: reply.next } }),
      }
    }
    if (kept.length > 0) await recordKept()
    else await refresh()
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

    /**
     * Records facts, without lone surrogates, which model vendors refuse. Those of `later` come after all facts that are
     * sent together with them.
     */
    append(added: NewFact[], later: NewFact[] = []): Promise<void> {
      const written = append(added.map(wellFormed), later.map(wellFormed))
      void inTurn(flush)
      return written
    },

    /**
     * Keeps facts that have happened, because the turn may end with them, or make calls at once: one script then records
     * both. Nothing but facts, an end or `recordKept` may be written next.
     */
    keep(added: NewFact[]): void {
      const wellFormedFacts = added.map(wellFormed)
      const after = kept.at(-1)?.proposed ?? facts.at(-1)
      const at = Math.floor(received.at + performance.now() - received.since)
      const proposed = recorded(wellFormedFacts, { after: after?.pos ?? 0, at })
      for (const [index, each] of proposed.entries()) {
        const fact = wellFormedFacts[index]
        if (fact !== undefined) kept.push({ fact, proposed: each })
      }
    },

    isKeeping: () => kept.length > 0,

    /**
     * The state of the log as it is when the facts that were kept are recorded and no other fact comes in between. The
     * next call changes it.
     */
    state: (): State => state.of(factsWithKept()),

    recordKept: () => inTurn(recordKept),

    /** Ends the turn. Returns undefined if the log has changed since it was folded: then it has been read again. */
    end: (fact: NewFact, status: Status, result: Result): Promise<Recorded | undefined> =>
      inTurn(() => {
        const usage = turnUsage(factsWithKept(), result.model)
        return record(fact, (folded) => ({ end: { folded, status, result, usage } }))
      }),

    /** Parks the turn. Returns undefined if the log has changed, as with `end`. */
    park({ until, for: kind, also, wait }: Parking): Promise<Recorded | undefined> {
      const fact: NewFact = { type: 'turn.parked', until, for: kind, ...(also && { also }) }
      const park = { until, ...(wait && { wait }) }
      return inTurn(() => record(fact, (folded) => ({ park: { folded, ...park } })))
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

/** Facts as the log has them that records them after a number at a time. */
function recorded(facts: NewFact[], { after, at }: { after: number; at: number }): Fact[] {
  let pos = after
  return facts.map((fact) => {
    pos += numbersOf(fact)
    return heldFact({ ...fact, v: factVersion, pos, at })
  })
}

/** Facts that wait to be sent. */
type Waiting = {
  facts: NewFact[]
  later: NewFact[]
  done: () => void
  failed: (error: unknown) => void
}

/** A fact that is to be recorded, and how the log will have it. */
type Kept = { fact: NewFact; proposed: Fact }

/** Facts that were just recorded. Those that were kept are the same objects as before, since they are folded already. */
function asRecorded(kept: readonly Kept[], facts: Fact[]): Fact[] {
  return facts.map((fact, at) => {
    const known = kept[at]?.proposed
    return known === undefined ? fact : Object.assign(known, { pos: fact.pos, at: fact.at })
  })
}

/** A recorded decision, with the claim of the next turn if there was one, and whether a full Redis refused it before. */
type Recorded = { next?: NextTurn; wasFull: boolean }

/** Until when a turn is parked, and what it waits for; `wait` is what it has reserved of the rate of a model. */
type Parking = { until: number; for: ParkedFor; also?: ParkedFor[]; wait?: ModelWait }

/** The reason why an attempt whose write was fenced is over. */
export const fenced = 'another attempt has the turn, or the log has lost recorded facts'

/** Milliseconds until a refused write is retried: short, because a lease may be expiring. */
const retryMs = 100

export type LogWriter = ReturnType<typeof openLogWriter>
