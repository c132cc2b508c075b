import { type Child, startChild } from '@longhaul/testbed/servers'

type Where = { url: string; key: string; paths: string[] }
/** Connects one client for each path, which stays. */
export type Open = Where & { do: 'open' }
/** Disconnects the clients of these paths. */
export type Close = { do: 'close'; paths: string[] }
/** Waits for this number of events. `timed` records the age of each. */
export type Expect = { do: 'expect'; events: number; timed: boolean }
/** Connects and disconnects this number of clients per second, for this number of milliseconds. */
export type Churn = Where & { do: 'churn'; perSecond: number; ms: number }

/** The ages of events at their arrival, in milliseconds. */
export type Ages = { p50: number; p99: number }

export type StreamClients = Awaited<ReturnType<typeof startStreamClients>>

/** Starts a process with many clients. */
export async function startStreamClients() {
  const process = await startChild(new URL('./stream-clients-main.ts', import.meta.url), {})
  return {
    pid: process.pid,
    open: ({ url, key, paths }: Where) =>
      ask<{ open: number }>(process, { do: 'open', url, key, paths }),
    close: ({ paths }: Pick<Where, 'paths'>) =>
      ask<{ open: number }>(process, { do: 'close', paths }),
    churn: (where: Where & { perSecond: number; ms: number }) =>
      ask<{ visits: number }>(process, { do: 'churn', ...where }),
    /** Waits for the events that `produce` makes. Resolves with the duration, and the ages of the events at their arrival. */
    async receive(
      wanted: { events: number; timed: boolean },
      produce: () => Promise<unknown>,
    ): Promise<Ages & { ms: number }> {
      const expecting = process.message()
      process.child.send({ do: 'expect', ...wanted } satisfies Expect)
      await expecting
      const received = process.message<Ages>()
      const startedAt = performance.now()
      const [ages] = await Promise.all([received, produce()])
      return { ...ages, ms: performance.now() - startedAt }
    },
    stop: process.stop,
  }
}

async function ask<T>({ child, message }: Child, order: Open | Close | Churn): Promise<T> {
  const answer = message<T | { problem: string }>()
  child.send(order)
  const result = await answer
  if (typeof result === 'object' && result !== null && 'problem' in result) {
    throw new Error(result.problem)
  }
  return result
}
