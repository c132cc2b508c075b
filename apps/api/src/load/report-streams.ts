import { limits, type OpenStreams } from '@longhaul/core'
import { type Logger, type Loop, startLoop } from '@longhaul/process'

type Options = {
  streams: Pick<OpenStreams, 'byWorkspace' | 'note'>
  /** Reports the counts of this process, and resolves with those of the others. */
  report: (counts: ReadonlyMap<string, number>) => Promise<ReadonlyMap<string, number>>
  /** How many streams a workspace may have open in all processes; undefined for any number. */
  limitOf: (workspace: string) => Promise<number | undefined>
  log: Logger
}

/** Tells the other API processes the open streams of this one, and learns theirs, in the background. */
export function reportStreams({ streams, report, limitOf, log }: Options): Loop {
  async function run(): Promise<void> {
    const others = await report(streams.byWorkspace())
    const known = await Promise.all(
      [...others].map(
        async ([workspace, elsewhere]) =>
          [workspace, { elsewhere, limit: await limitOf(workspace) }] as const,
      ),
    )
    streams.note(new Map(known))
  }
  return startLoop({
    everyMs: limits.streamReport,
    run,
    failed: (err) => log.debug({ err }, 'open streams were not reported'),
    keepsAlive: false,
  })
}
