import type { ScriptedReply } from '@longhaul/testbed/servers'
import type { TurnOptions } from './turn-options.ts'
import type { WorkspaceName } from './workspaces.ts'

/** A task: what its client requests and when, what its model and tools do, and how it must end. */
export type TaskScript = TurnOptions & {
  number: number
  /** Its workspace, if that is not the usual one. */
  workspace?: WorkspaceName
  mode: 'sync' | 'background' | 'stream'
  /** When it is submitted, in milliseconds from the start. */
  at: number
  steps: Step[]
  outcome: Outcome
  /** Its client sends the request twice at once, to two APIs. */
  twins?: true
  /** When its client cancels it. It may still end with `outcome`. */
  cancel?: Moment
  /** Each worker that requests its last step is killed. */
  poisonous?: true
  /** A heavy task, with the time that it shares with the other tasks of one memory pressure. */
  heavy?: number
  /** The key of its agent, if that is not the usual agent. */
  agent?: string
}

export type Outcome =
  | { status: 'completed'; reason: 'stop' | 'max_iterations'; text: string }
  | { status: 'failed'; code: FailureCode; httpStatus: number }

/** Whether only the product itself can prevent a task's completion: no vendor refuses it, and it is not poisonous. */
export function isPlain({ outcome }: TaskScript): boolean {
  return outcome.status === 'completed'
}

export type FailureCode = 'provider_failed' | 'worker_crashed' | 'cancelled'

/** A time in milliseconds after the first model request of a step; for step 0, after the task was accepted. */
export type Moment = { step: number; after: number }

/** One model call: the failures before its answer, the answer, and the calls in it. */
export type Step = {
  /** One reply for each request: all but the last fail. The last one also answers any further request. */
  replies: ScriptedReply[]
  /** The number of requests without any other fault. */
  requests: number
  text: string
  calls: ToolCallScript[]
  /** Undefined if the step is never answered. */
  usage?: Usage
}

export type ToolCallScript = {
  id: string
  tool: ToolName
  service: ServiceScript
  /** The reason for which the call reaches no service. */
  flaw?: CallFlaw
}

/**
 * `current_date` is built into the product, and `call_sub_agent` calls another agent. The others call a service: `order`
 * with `on_crash: fail`, and `archive` with a longer time-out for large results.
 */
export type ToolName = 'current_date' | 'call_sub_agent' | 'find' | 'order' | 'refund' | 'archive'

/** Whether the tool calls a service. */
export function callsService(tool: ToolName): boolean {
  return tool !== 'current_date' && tool !== 'call_sub_agent'
}

/** The service's reaction to a call. A `huge` result exceeds the limit of a result; a `long` or `large` one does not. */
export type ServiceScript = 'answers' | 'long' | 'large' | 'breaks' | 'hangs' | 'resets' | 'huge'

export const failingServices = ['breaks', 'hangs', 'resets', 'huge'] as const

/** Errors in a call that the model writes. */
export const callFlaws = ['unknown tool', 'broken arguments', 'wrong arguments'] as const
export type CallFlaw = (typeof callFlaws)[number]

export type Usage = { input: number; output: number }

/** Whether a call must fail. */
export function mustFail({ service, flaw }: ToolCallScript): boolean {
  return flaw !== undefined || failingServices.some((failing) => failing === service)
}

export function usageOf(steps: Step[]): Usage | undefined {
  const reported = steps.flatMap(({ usage }) => usage ?? [])
  if (reported.length === 0) return undefined
  return reported.reduce((sum, { input, output }) => ({
    input: sum.input + input,
    output: sum.output + output,
  }))
}
