import { startChild } from '@longhaul/testbed/servers'

/** One request, sent repeatedly over each of several keep-alive connections. */
export type Load = {
  url: string
  headers?: Record<string, string>
  /** A request with a body is a POST, others are GETs. */
  body?: string
  connections: number
  /** The load ends after this number of requests or milliseconds, whichever comes first. */
  requests: number
  ms: number
}

/** Times in milliseconds. `cpu` is the CPU time of the sending process. */
export type LoadResult = { requests: number; ms: number; p50: number; p99: number; cpu: number }

export type LoadGenerator = {
  /** Runs a load. Rejects when a reply is not a 2xx. */
  run: (load: Load) => Promise<LoadResult>
  stop: () => Promise<void>
}

/** Starts a process that only sends requests. */
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
