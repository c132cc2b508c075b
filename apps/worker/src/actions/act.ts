import type { ToolServices } from '@longhaul/agent'
import type {
  Children,
  ModelFailed,
  ModelRates,
  Models,
  ModelWait,
  Plan,
  State,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { LiveBytes } from '../capacity/live-bytes.ts'
import type { RunningAttempt } from '../turn/attempt.ts'
import type { Drain } from '../turn/drain.ts'
import type { Heartbeat } from '../turn/heartbeat.ts'
import type { LogWriter } from '../turn/log-writer.ts'
import type { Work } from '../turn/next-action.ts'
import type { CallAgentPorts } from './call-agent.ts'
import { callModel } from './call-model.ts'
import type { HeldCall, RateDeps } from './reserve-call.ts'
import { fetchFiles } from './fetch-files.ts'
import { expiriesOf, requestsOf } from './reviews.ts'
import { runTools } from './run-tools.ts'

export type ActDeps = {
  models: Models
  rates: RateDeps
  /** The dependencies of a workspace's tools. */
  servicesOf: (workspace: string) => ToolServices
  /** The dependencies of calls of sub-agents. */
  childPorts: CallAgentPorts & { children: Children }
  drain: Drain
  live: LiveBytes
  newId: () => string
  /** Called with the failure when a model call is retried or sent to another model. */
  retried: (model: string, failure: ModelFailed) => void
}

type Run = {
  workspace: string
  state: State
  plan: Plan
  attempt: RunningAttempt
  heartbeat: Heartbeat
  writer: LogWriter
  deadline: number
  log: Logger
  deps: ActDeps
  /** Whether the turn must be released for other work. */
  isOver: () => boolean
  /** The rates of models of the workspace. */
  workspaceRates: ModelRates
  /** What the turn has reserved for its next model call while it was parked. */
  reserved: ModelWait['reserved']
}

/** Performs an action and records its outcome. Returns a model call that must wait for its rate. */
export async function act(action: Work, run: Run): Promise<HeldCall | undefined> {
  if (action.type === 'CallModel') {
    const { models, newId, childPorts, retried, rates, live } = run.deps
    const { children } = childPorts
    const hold = () => live.hold(run.workspace, run.attempt.signal)
    return await callModel(action, { ...run, models, newId, retried, children, hold, rates })
  }
  await perform(action, run)
  return undefined
}

async function perform(action: Exclude<Work, { type: 'CallModel' }>, run: Run): Promise<void> {
  const { servicesOf, live } = run.deps
  const { workspace, attempt, writer } = run
  const services = servicesOf(workspace)
  const hold = () => live.hold(workspace, attempt.signal)
  switch (action.type) {
    case 'FetchFiles':
      return await fetchFiles(action.files, { ...run, services, hold })
    case 'TrimContext':
      return await writer.append([action.fact])
    case 'RunTools':
      return await runTools(action, { ...run, services, hold })
    case 'AskReviews':
      return await writer.append(requestsOf(action.calls, run))
    case 'ExpireReviews':
      return await writer.append(expiriesOf(action.reviews, run.plan))
  }
}
