import { factVersion } from '@longhaul/core'

/** Constants that several scripts, or a script and TypeScript, share. A script uses one by its name. */
export const constants = {
  /** The version of heads and facts that the scripts write. */
  writtenVersion: factVersion,
  /** The time after which a job that may be lost is added again. */
  jobLostAfterMs: 5_000,
  /** The time after which a reconciler delivers an undelivered answer of a sub-agent. */
  answerLostAfterMs: 2_000,
  /**
   * How long deltas are kept after a turn, for clients that are still reading. The log has the whole text as long as
   * the task exists.
   */
  deltasKeptSeconds: 3_600,
  /** The approximate number of notifications in a stream. */
  notificationsKept: 10_000,
  /** How long a silent worker process is listed. */
  silentWorkerKeptMs: 3_600_000,
  /** Smaller caller metadata is not counted for its workspace, because the count would cost every turn a command. */
  countedMetadataBytes: 1_024,
} as const
