import type { ExpectedStep } from '../cluster/vendors.ts'
import type { RequestedStep } from '../evidence/evidence.ts'
import type { Callers } from './send-request.ts'

export type ClientOptions = Callers & {
  /** Names this run, so that its keys are its own. */
  run: string
  /** Resolves when the model has been asked for a step of a task. */
  onRequest: (wanted: ExpectedStep, signal: AbortSignal) => Promise<RequestedStep>
}
