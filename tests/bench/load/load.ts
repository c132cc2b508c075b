import { startChild } from '@longhaul/testbed/servers'

/** One request, sent again and again over each of several connections that are kept alive. */
export type Load = {
  url: string
  headers?: Record<string, string>
  body: string
  connections: number
  /** It ends after so many requests or milliseconds, whichever comes first. */
  requests: number
  ms: number
}

/** Milliseconds; `cpu` is what sending it cost the process that sent it. */
export type LoadResult = { requests: number; ms: number; p50: number; p99: number; cpu: number }

export type LoadGenerator = {
  /** Rejects when a reply is not a 2xx. */
  run: (load: Load) => Promise<LoadResult>
  stop: () => Promise<void>
}

/** A process that does nothing but send requests. */
export async function startLoadGenerator(): Promise<LoadGenerator> {
  const { child, message, stop } = await startChild(new URL('./load-main.ts', import.meta.url), {})
  return {
    async run(load) {
      const answer = message<LoadResult | { problem: string }>()
      child.send(load)
      const result = await answer
      if ('problem' in result) throw new Error(result.problem)
      return result
    },
    stop,
  }
}
