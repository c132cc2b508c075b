import type { ModelFailed, Status } from '@longhaul/core'

/**
 * The messages of a suspect's process to its worker: its event loop runs, a model call is retried, and finally the
 * outcome of its run.
 */
export type SuspectMessage =
  | { type: 'beat' }
  | { type: 'retried'; model: string; failure: ModelFailed }
  | ({ type: 'outcome' } & SuspectOutcome)
export type SuspectOutcome = { ended?: Status; parked?: boolean }

/** The message of the worker to it: release the turn within the grace period. */
export type WorkerMessage = { type: 'drain'; graceMs: number }
