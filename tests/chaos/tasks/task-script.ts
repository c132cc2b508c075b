import type { ScriptedReply } from '@longhaul/testbed/servers'

/** A task: what its client asks for and when, what its model and tools will do, and how it must end. */
export type TaskScript = {
  number: number
  mode: 'sync' | 'background' | 'stream'
  /** When it is submitted, milliseconds from the start. */
  at: number
  steps: Step[]
  outcome: Outcome
  /** Its client sends the request twice at once, to two APIs. */
  twins?: true
  /** When its client cancels it; it may then end as `outcome` says all the same. */
  cancel?: Moment
  /** Whichever worker asks its last step is killed. */
  poisonous?: true
  /** It holds much, as do all that come at this time. */
  heavy?: number
  /** Whose task it is, where it is not the usual agent's. */
  agent?: string
}

export type Outcome =
  | { status: 'completed'; reason: 'stop' | 'max_iterations'; text: string }
  | { status: 'failed'; code: FailureCode; httpStatus: number }

/** Whether nothing but the product itself can keep a task from its completion: no vendor's refusal, and no poison. */
export function isPlain({ outcome }: TaskScript): boolean {
  return outcome.status === 'completed'
}

export type FailureCode = 'provider_failed' | 'worker_crashed' | 'cancelled'

/** So many milliseconds after the model was first asked for a step; for step 0, after the task was accepted. */
export type Moment = { step: number; after: number }

/** One model call: what goes wrong before it is answered, the answer, and the calls in it. */
export type Step = {
  /** One for each request: all but the last fail. The last one is also the answer to any further. */
  replies: ScriptedReply[]
  /** How many requests that makes where nothing else goes wrong. */
  requests: number
  text: string
  calls: ToolCallScript[]
  /** None where it is never answered. */
  usage?: Usage
}

export type ToolCallScript = {
  id: string
  tool: ToolName
  service: ServiceScript
  /** Why it reaches no service. */
  flaw?: CallFlaw
}

/**
 * `current_date` is the product's own, and `call_sub_agent` asks another agent; the others ask a service, `order`
 * with `on_crash: fail`, and `archive` with more time for what is large.
 */
export type ToolName = 'current_date' | 'call_sub_agent' | 'find' | 'order' | 'refund' | 'archive'

/** Whether a service is asked. */
export function callsService(tool: ToolName): boolean {
  return tool !== 'current_date' && tool !== 'call_sub_agent'
}

/** What the service does with a call; what is `huge` is more than a result may be, what is `long` or `large` is not. */
export type ServiceScript = 'answers' | 'long' | 'large' | 'breaks' | 'hangs' | 'resets' | 'huge'

export const failingServices = ['breaks', 'hangs', 'resets', 'huge'] as const

/** What is wrong with a call as the model writes it. */
export const callFlaws = ['unknown tool', 'broken arguments', 'wrong arguments'] as const
export type CallFlaw = (typeof callFlaws)[number]

export type Usage = { input: number; output: number }

/** Whether a call must come to grief. */
export function mustFail({ service, flaw }: ToolCallScript): boolean {
  return flaw !== undefined || failingServices.some((failing) => failing === service)
}

export function usageOf(steps: Step[]): Usage | undefined {
  const told = steps.flatMap(({ usage }) => usage ?? [])
  if (told.length === 0) return undefined
  return told.reduce((sum, { input, output }) => ({
    input: sum.input + input,
    output: sum.output + output,
  }))
}
