import type { FaultKind } from './plan-faults.ts'
import type { TaskScript } from './script-task.ts'

/** All that was seen of a run: by clients, by the model, by the tools, and of the faults. Times are epoch milliseconds. */
export type Evidence = {
  tasks: TaskEvidence[]
  /** What the model was asked, in the order of arrival. */
  asked: AskedStep[]
  /** What the tools' service was asked, in the order of arrival. */
  served: ServedCall[]
  faults: DoneFault[]
  /** Processes that did not start, stop or mend as they should. */
  mishaps: string[]
  /** What is still to be done when every turn has ended. */
  leftovers: string[]
}

export type TaskEvidence = {
  script: TaskScript
  client: ClientEvidence
  final: FinalRead | undefined
}

/** What a task's client has heard, over all its repeats of the one request. */
export type ClientEvidence = {
  /** Every id that it was told. */
  ids: { taskId: string; responseId: string }[]
  /** When it sent the first request, and when it had its answer. */
  submittedAt: number
  endedAt: number | undefined
  repeats: number
  /** The longest that it had to wait for a reply that does not wait for the turn, milliseconds. */
  longestWait: number
  /** Ends of a synchronous call. */
  replies: { status: number; body: Record<string, unknown> }[]
  transcripts: Transcript[]
  /** Answers that nobody should ever get. */
  surprises: string[]
}

export type Transcript = { events: StreamEvent[]; done: boolean }

export type StreamEvent = { id: number; type: string; data: Record<string, unknown> }

/** What a GET and the task's own log say when all is over. */
export type FinalRead = {
  status: number
  body: Record<string, unknown>
  facts: { type: string; pos: number }[]
}

export type AskedStep = {
  at: number
  responseId: string
  step: number
  /** The number of the task in whose conversation it was. */
  task: number
  worker: string
}

export type ServedCall = {
  at: number
  responseId: string
  callId: string
  method: string
  tool: string
}

/** A fault as it came to pass. `victims`: the processes that it hit; empty when it hit all. */
export type DoneFault = { kind: FaultKind; from: number; to: number; victims: string[] }
