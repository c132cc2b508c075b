import type { StreamEvent as SentEvent } from '@longhaul/testbed/servers'
import type { FaultKind, PlannedKind } from '../faults/fault-kinds.ts'
import type { Approvals } from '../clients/approve-calls.ts'
import type { TaskScript } from '../tasks/task-script.ts'

/** All that was seen of a run: by clients, by the model, by the tools, and of the faults. Times are epoch milliseconds. */
export type Evidence = {
  tasks: TaskEvidence[]
  continuationPairs: ContinuationPair[]
  /** What the model was asked, in the order of arrival. */
  asked: RequestedStep[]
  /** What the tools' service was asked, in the order of arrival. */
  served: ServedCall[]
  approvals: Approvals
  /** The kinds of faults that were planned. */
  planned: readonly PlannedKind[]
  faults: DoneFault[]
  /** Processes that did not start, stop, live or mend as they should. */
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
  /** The longest that it had to wait to be told to come back later, and when it was. */
  longestRefusal: { ms: number; at: number }
  /** Its requests for a turn, in their order. */
  submissions: Submission[]
  /** Ends of a synchronous call. */
  replies: Reply[]
  transcripts: Transcript[]
  /** The reply to a cancel, and when it came. */
  cancel?: Reply & { at: number }
  /** Answers that nobody should ever get. */
  surprises: string[]
}

export type Reply = { status: number; body: Record<string, unknown> }

/** One request for a turn: when it was sent and answered, with which status (none: nobody answered), and whether the reply named the task. */
export type Submission = { from: number; to: number; status?: number; named?: true }

export type Transcript = { events: StreamEvent[]; done: boolean }

export type StreamEvent = Omit<SentEvent, 'timestamp'>

/** What a GET and the task's own log say when all is over. */
export type FinalRead = Reply & { facts: SeenFact[] }

export type SeenFact = {
  type: string
  pos: number
  /** By the clock of Redis, epoch milliseconds. */
  at?: number
  turn?: number
  step?: number
  callId?: string
  epoch?: number
  /** Of those that were given up. */
  parts?: { partId: string }[]
}

/** Two clients that go on with one ended task at the same time: what each was told in the end. */
export type ContinuationPair = {
  number: number
  /** Whether they go on from a response, so that the conversation may fork, and each has its own. */
  forks: boolean
  /** Whether both sent the same request under the same key. */
  sameKey: boolean
  taskId: string
  replies: Reply[]
  final: FinalRead | undefined
  surprises: string[]
}

export type RequestedStep = {
  at: number
  responseId: string
  step: number
  /** The number of the task in whose conversation it was. */
  task: number
  worker: string
  /** The vendor was out of order, and this is what it was told. */
  refused?: true
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
