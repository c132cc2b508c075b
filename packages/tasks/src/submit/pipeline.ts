import type { ContentBudget } from '@longhaul/content'
import type {
  Admit,
  BoundRequest,
  Conversations,
  IdempotencyKeys,
  Plan,
  PlanStore,
  PriorMessage,
  Submission,
  TaskStore,
} from '@longhaul/core'
import type { Agents } from '../registry/agents.ts'
import type { Seal } from '../secrets/seal.ts'
import type { Target } from './target.ts'

/*
 * A submit runs in steps: answer, locate, validate, draft, admit, commit. Each is a function of the request and of what
 * the steps before it have found, and adds to that. Only `admit` and `commit` change anything in the store, apart from
 * plans, which are stored under their hashes.
 */

/** Who answers: an agent's plan is stored under its hash already, a model's own is not. */
export type Answerer = { agentId: string; plan: Plan; planHash?: string }

/** After `answer`. `bound` is the request that came first under the same key, and did not become a turn. */
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
export type Admitted = Drafted & { identity: Identity; terms: Terms }

/** A turn as it will be recorded, but for what depends on the task that it goes to. */
export type Draft = {
  fields: Omit<Submission['started'], 'plan' | 'before' | 'copied' | 'variables'>
  /** What was said before the message, as the request says. */
  before: PriorMessage[]
  variables: Record<string, unknown> | undefined
  /** The plan that this turn alone has; absent where it runs by the answerer's. */
  ownPlan: Plan | undefined
}

/**
 * Under what the store knows the turn: its task, the turn `after` which it comes there (0: it begins the task), and the
 * task that it begins where it cannot go on in that one. Repeats under one idempotency key have one identity.
 */
export type Identity = Omit<BoundRequest, 'fingerprint'>

/** What the store receives with the first fact: how the task is found, and its time limits. */
export type Terms = Pick<Submission, 'labels' | 'deadlineMs' | 'retentionMs'>

export type SubmitPorts = {
  store: TaskStore
  agents: Pick<Agents, 'resolve' | 'wasDeleted'>
  plans: Pick<PlanStore, 'put'>
  conversations: Conversations
  idempotency: IdempotencyKeys
  shards: number
  /** How long a turn may take in all, and how long an ended task is kept, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  seal: Seal
}

/** What the steps use. `reserve` receives how many bytes of other turns are loaded for this one, and may throw. */
export type StepPorts = SubmitPorts & { reserve: Admit }
