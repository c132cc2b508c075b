import type { WorkspaceLimits } from '@longhaul/core'
import type { StreamEvent as SentEvent } from '@longhaul/testbed/servers'
import type { FaultKind, PlannedKind } from '../faults/fault-kinds.ts'
import type { Approvals } from '../clients/approve-calls.ts'
import type { ReceivedEvent } from '../events/event-receiver.ts'
import type { TaskScript } from '../tasks/task-script.ts'

/** All observations of a run: by clients, the model and the tools, and the faults. Times are epoch milliseconds. */
export type Evidence = {
  tasks: TaskEvidence[]
  continuationPairs: ContinuationPair[]
  /** The requests to the model, in the order of arrival. */
  asked: RequestedStep[]
  /** The requests to the service of the tools, in the order of arrival. */
  served: ServedCall[]
  approvals: Approvals
  /** The requests to the receiver of events, in the order of arrival; absent in a run without endpoints. */
  events?: ReceivedEvent[]
  /** The kinds of faults that were planned. */
  planned: readonly PlannedKind[]
  faults: DoneFault[]
  /** Processes that did not start, run, stop or recover as expected. */
  mishaps: string[]
  /** Work that is left when every turn has ended. */
  leftovers: string[]
  /** Every attempt of every turn, also those of sub-agents. */
  holds: SlotHold[]
  /** Of each workspace in the order in which they were made. */
  limitChanges: LimitChange[]
  failovers: Loss[]
  /** Facts that a replica had received before it took over, and that are missing in the end. */
  receivedLost: string[]
}

/** The slot of one attempt of a turn. Times are those of Redis. */
export type SlotHold = {
  taskId: string
  workspace: string
  /** '' for none. */
  fairnessKey: string
  priority?: number
  /** When the turn was to start at the earliest, if the request said so. */
  startAt?: number
  /** When the turn was queued: only if this is its first attempt. */
  queuedAt?: number
  /** The place of the turn in its lane, if it is known. */
  rank?: number
  from: number
  /** Until when the attempt certainly held the slot, and until when at most. */
  heldTo: number
  atMostTo: number
}

/** When a change of limits was sent and confirmed, and all limits of the workspace from then on. */
export type LimitChange = { workspace: string; from: number; to: number; limits: WorkspaceLimits }

export type TaskEvidence = {
  script: TaskScript
  client: ClientEvidence
  final: FinalRead | undefined
}

/** The observations of a task's client, over all repeats of its request. */
export type ClientEvidence = {
  /** The hash of its idempotency key. */
  requestHash?: string
  /** Every id that it received. */
  ids: { taskId: string; responseId: string }[]
  /** When it sent the first request, and when it received the final answer. */
  submittedAt: number
  endedAt: number | undefined
  repeats: number
  /** The longest wait for a reply that does not wait for the turn, in milliseconds. */
  longestWait: number
  /** The longest wait for a temporary refusal, and when that was. */
  longestRefusal: { ms: number; at: number }
  /** Its requests for a turn, in order. */
  submissions: Submission[]
  /** The final replies of synchronous calls. */
  replies: Reply[]
  transcripts: Transcript[]
  /** The reply to a cancel, and when it came. */
  cancel?: Reply & { at: number }
  /** Answers that no client should ever receive. */
  surprises: string[]
}

export type Reply = { status: number; body: Record<string, unknown> }

/**
 * One request for a turn: when it was sent and answered, the status (undefined without an answer), and whether the reply
 * named the task.
 */
export type Submission = { from: number; to: number; status?: number; named?: true }

export type Transcript = { events: StreamEvent[]; done: boolean }

export type StreamEvent = Omit<SentEvent, 'timestamp'>

/** The reply to a GET and the task's log at the end of the run. */
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
  /** The parts that were abandoned. */
  parts?: { partId: string }[]
}

/** Two clients that continue one ended task at the same time, with the final reply to each. */
export type ContinuationPair = {
  /** The hashes of the idempotency keys of its requests. */
  requestHashes?: string[]
  number: number
  /** Whether they continue a response, so that the conversation may fork. */
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
  /** The number of the task in the conversation. */
  task: number
  worker: string
  /** The vendor refused the request during an outage. */
  refused?: true
}

export type ServedCall = {
  at: number
  responseId: string
  callId: string
  method: string
  tool: string
}

/** A fault that happened. `victims`: the processes that it hit; empty when it hit all. */
export type DoneFault = { kind: FaultKind; from: number; to: number; victims: string[] }

/** A task of which a failover has lost the latest entries. */
export type LostFacts = {
  taskId: string
  /** The facts among them. The others are parts of streams. */
  facts: Pick<SeenFact, 'type' | 'step' | 'callId'>[]
}

/** A replica that has taken over, and what the former primary had more than it. */
export type Loss = {
  from: number
  to: number
  lost: LostFacts[]
  /** The hashes of the idempotency keys whose bindings were lost. */
  lostRequests: string[]
}
