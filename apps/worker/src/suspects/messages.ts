import type { ModelFailed, Status } from '@longhaul/core'
import type { JobOutcome } from '@longhaul/redis'

/**
 * What the process of a suspect sends to its worker: that its event loop turns, that a model call is repeated, and last
 * of all what became of the turn.
 */
export type SuspectMessage =
  | { type: 'beat' }
  | { type: 'retried'; model: string; failure: ModelFailed }
  | ({ type: 'outcome' } & SuspectOutcome)
export type SuspectOutcome = { outcome: JobOutcome; ended?: Status; parked?: boolean }

/** What the worker sends to it: to release the turn within the grace. */
export type WorkerMessage = { type: 'drain'; graceMs: number }
