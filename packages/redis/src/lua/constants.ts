import { factVersion } from '@longhaul/core'

/** What several scripts, or a script and TypeScript, must agree on. A script that names one finds it as a local. */
export const constants = {
  /** The version of heads and facts that the scripts write. */
  writtenVersion: factVersion,
  /** How long until a job that may be lost is added again. */
  jobLostAfterMs: 5_000,
  /** How long until a reconciler delivers the answer of a sub-agent that nobody has delivered. */
  answerLostAfterMs: 2_000,
  /** For clients that are still reading; the log has the whole for as long as the task is kept. */
  deltasKeptSeconds: 3_600,
  /** About how many notifications a stream keeps. */
  notificationsKept: 10_000,
  /** How long a silent worker process is listed. */
  silentWorkerKeptMs: 3_600_000,
  /** Smaller caller metadata does not count for its workspace: to count it would cost every turn a command. */
  countedMetadataBytes: 1_024,
} as const
