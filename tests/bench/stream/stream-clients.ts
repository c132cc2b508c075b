import { type Child, startChild } from '@longhaul/testbed/servers'

type Where = { url: string; key: string; paths: string[] }
/** One client for each path, which stays. */
export type Open = Where & { do: 'open' }
/** The clients of these paths are gone. */
export type Close = { do: 'close'; paths: string[] }
/** So many events are waited for; `timed` takes the age of each. */
export type Expect = { do: 'expect'; events: number; timed: boolean }
/** So many clients a second, which come and go, for so many milliseconds. */
export type Churn = Where & { do: 'churn'; perSecond: number; ms: number }

/** Ages of events when they came, milliseconds. */
export type Ages = { p50: number; p99: number }

export type StreamClients = Awaited<ReturnType<typeof startStreamClients>>

/** A process full of clients. */
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
    /** Waits for events that `produce` makes; how long it took, and how old they were when they came. */
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
