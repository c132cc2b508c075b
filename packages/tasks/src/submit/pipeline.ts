import type { ContentBudget } from '@longhaul/content'
import type {
  Admit,
  BoundRequest,
  Conversations,
  IdempotencyKeys,
  NewWork,
  Plan,
  PlanStore,
  PriorMessage,
  Submission,
  SubmitLimits,
  SubmitQuota,
  TaskStore,
  TurnDefaults,
  Webhooks,
} from '@longhaul/core'
import type { Agents } from '../registry/agents.ts'
import type { Limits } from '../limits/limits.ts'
import type { Seal } from '../secrets/seal.ts'
import type { Target } from './target.ts'

/*
 * A submit runs in steps: answer, locate, input, validate, draft, admit, commit. Each step is a function of the request
 * and of the results of the earlier steps, and adds its own result. `input` makes messages of the items of a request,
 * for the steps after it. Only `admit` and `commit` change the store, apart from plans, which are stored under their
 * hashes.
 */

/**
 * The agent or the model that answers. The plan of an agent is already stored under its hash, that of a model is not.
 */
export type Answerer = {
  agentId: string
  plan: Plan
  planHash?: string
  /** What holds for a turn whose request says nothing else. */
  turns?: TurnDefaults | undefined
}

/** After `answer`. `bound` is the first request under the same key, when it did not become a turn. */
export type Answered = {
  answerer: Answerer
  budget: ContentBudget
  bound: BoundRequest | undefined
}

/** After `locate`, and after `validate`, which adds nothing. */
export type Located = Answered & { target: Target }

/** After `draft`. */
export type Drafted = Located & { draft: Draft }

/** After `admit`. */
export type Admitted = Drafted & {
  identity: Identity
  terms: Terms
  /** Whether this request has bound its idempotency key. */
  hasBoundKey?: true
}

/** A turn as it will be recorded, without what depends on its task. */
export type Draft = {
  fields: Omit<Submission['started'], 'plan' | 'before' | 'copied' | 'variables'>
  /** The prior messages that the request brings. */
  before: PriorMessage[]
  variables: Record<string, unknown> | undefined
  /** The plan of this turn alone; absent where the turn uses the plan of the answerer. */
  ownPlan: Plan | undefined
}

/**
 * The identity of a turn in the store: its task, the turn `after` which it comes there (0: it begins the task), and the
 * task that it begins when it cannot continue that one. Repeats under one idempotency key have one identity.
 */
export type Identity = Omit<BoundRequest, 'fingerprint'>

/** The labels and time limits of the task, which the store receives with the first fact. */
export type Terms = Pick<Submission, 'labels' | 'deadlineMs' | 'retentionMs'>

export type SubmitPorts = {
  store: TaskStore
  agents: Pick<Agents, 'resolve' | 'wasDeleted'>
  plans: Pick<PlanStore, 'put'>
  conversations: Conversations
  idempotency: IdempotencyKeys
  shards: number
  limits: Pick<Limits, 'effective'>
  /** The time limit of a whole turn, and the retention of an ended task, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  random: () => number
  seal: Seal
  now: () => number
  webhooks: Pick<Webhooks, 'get' | 'listen'>
  /** Why events are not sent to a URL; undefined when they are. */
  urlProblem: (url: string) => string | undefined
  /** The limits of workspaces that have none of their own. */
  submitLimits: SubmitLimits
  /** Throws rate_limited or overloaded for work that would be refused, before anything is written. */
  refuseWork: (work: NewWork) => void
}

/**
 * The ports of the steps. `reserve` receives how many bytes of other turns are loaded for this one, and may throw.
 * `noteQuota` receives what the workspace may still submit. `beforeStored` receives the task of the turn before the turn
 * is stored, and again if the turn begins another task.
 */
export type StepPorts = SubmitPorts & {
  reserve: Admit
  noteQuota: (quota: SubmitQuota) => void
  beforeStored?: ((taskId: string) => void) | undefined
}
