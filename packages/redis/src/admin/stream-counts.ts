import type { Redis } from 'ioredis'
import { streamProcesses } from '../connection/keys.ts'
import { reportStreamsScript } from '../lua/admin/report-streams.ts'
import { runScript } from '../lua/run-script.ts'

/** The open streams and waiting requests of API processes, which report them to each other. */
export function createStreamCounts(
  redis: Redis,
  { id, clock }: { id: string; clock?: () => number },
) {
  let wasEmpty = true

  return {
    /**
     * Reports how many each workspace has open in this process. Resolves with how many these workspaces have in the
     * other processes. Nothing is sent while nothing is open.
     */
    async report(counts: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
      if (counts.size === 0 && wasEmpty) return counts
      const reported = [...counts]
      const call = reportStreamsScript.call(
        { streamProcesses: streamProcesses() },
        {
          clockTime: clock?.() ?? '',
          process: id,
          counts: reported.map(([workspace, count]) => ({ workspace, count })),
        },
      )
      const others = await runScript(redis, call)
      wasEmpty = counts.size === 0
      return new Map(reported.map(([workspace], at) => [workspace, others[at] ?? 0]))
    },
  }
}
