import type { ContentBudget } from '@longhaul/content'
import {
  type Admit,
  invalid,
  limits,
  type Plan,
  type PlanStore,
  type RequestNotes,
  type Said,
  type Submission,
  type TaskStore,
} from '@longhaul/core'
import { adaptPlan } from './adapt-plan.ts'
import { checkFiles } from './check-files.ts'
import type { Copied, Place } from './place.ts'
import { planHash } from './plan-hash.ts'
import { planLifetime } from './plan-lifetime.ts'
import { type Recorded, refuseLargeTurn } from './refuse-large-turn.ts'
import { renderMessage } from './render-message.ts'
import type { Seal } from './seal.ts'
import { sealVariables } from './seal-variables.ts'
import type { TurnRequest } from './turn-request.ts'

/** Who answers: an agent's plan is stored under its hash already. */
export type AnsweringPlan = { agentId: string; plan: Plan; planHash?: string }

export type DraftPorts = {
  store: TaskStore
  plans: Pick<PlanStore, 'put'>
  /** How long a turn may take in all, and how long an ended task is kept, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  seal: Seal
  /** Is asked before the log of the task is read that the turn goes on in. */
  admit: Admit
}

/** A turn that only has to be told where it goes. */
export type Draft = {
  /** The first fact of the turn in a task that begins with `from`, or in one that goes on. */
  startedWith(from: Copied | undefined): Promise<Submission['started']>
}

/** What a request asks for, as it will be recorded. Rejects with invalid, naming the field. */
export async function draftTurn(
  request: TurnRequest,
  {
    place,
    answerer,
    ports,
    budget,
  }: { place: Place; answerer: AnsweringPlan; ports: DraftPorts; budget: ContentBudget },
): Promise<Draft> {
  const { workspace, message, before = [], changes } = request
  const { store, newId, newHex, seal, admit } = ports
  const { plan } = answerer
  const { onward, from } = place
  const variables = request.variables && sealVariables(request.variables, { workspace, seal })
  const notes = notesOf(request, onward?.notes ?? from?.notes)
  const rendered = request.literal
    ? message.parts
    : await renderMessage({ ...request, variables }, { plan, before: onward, store, budget, admit })
  const said = before.map(({ paths, ...each }): Said =>
    each.role === 'user' ? { ...each, parts: checkFiles(each.parts, paths) } : each,
  )
  const asked = {
    model: plan.models[0]?.id ?? '',
    message: {
      messageId: message.messageId ?? newId(),
      role: message.role,
      parts: checkFiles(rendered, message.paths),
    },
    assistantMessageId: newId(),
    traceId: newHex(32),
    spanId: newHex(16),
    ...(request.engine !== undefined && { engine: request.engine }),
    ...(notes !== undefined && { notes }),
    ...(request.asked !== undefined && { asked: request.asked }),
    ...(request.callerWait !== undefined && { callerWait: request.callerWait }),
  }
  const recorded = () => piecesOf(request, { parts: asked.message.parts, said, variables })
  if (mayBeLarge(budget)) refuseLargeTurn(recorded())
  const adapted = changes && (await adaptPlan(plan, changes, budget))

  return {
    async startedWith(copied) {
      if (copied !== undefined) {
        const earlier = { path: pathOfCopied(request), value: copied.said }
        const kept = variables ? [] : [{ path: 'variables', value: copied.variables }]
        refuseLargeTurn([...recorded(), earlier, ...kept])
      }
      const all = [...(copied?.said ?? []), ...said]
      const held = variables ?? copied?.variables ?? {}
      return {
        ...asked,
        plan: await storedPlan(adapted ?? (all.length > 0 ? { ...plan, v: 4 } : undefined)),
        ...(all.length > 0 && { before: all }),
        ...(copied !== undefined && { copied: copied.said.length }),
        ...((variables !== undefined || Object.keys(held).length > 0) && { variables: held }),
      }
    },
  }

  /** An agent's plan was stored when it was resolved. */
  async function storedPlan(own: Plan | undefined): Promise<string> {
    if (own === undefined && answerer.planHash !== undefined) return answerer.planHash
    const hash = planHash(own ?? plan)
    await ports.plans.put(workspace, hash, own ?? plan, planLifetime(ports))
    return hash
  }
}

/** A body alone is small enough to be recorded: it grows by what its templates print, each character by six bytes. */
function mayBeLarge({ left }: ContentBudget): boolean {
  const printed = limits.content.characters - left.characters
  return printed > (limits.submission - limits.body) / 6
}

function piecesOf(
  { message, before = [] }: TurnRequest,
  { parts, said, variables }: { parts: unknown[]; said: Said[]; variables: unknown },
): Recorded[] {
  return [
    ...parts.map((value, at) => ({ path: message.paths?.[at] ?? `message.parts[${at}]`, value })),
    ...said.map((value, at) => ({ path: before[at]?.paths?.[0] ?? `before[${at}]`, value })),
    { path: 'variables', value: variables },
  ]
}

function pathOfCopied({ follows }: TurnRequest): string {
  return follows !== undefined && 'conversation' in follows
    ? 'conversation'
    : 'previous_response_id'
}

/** A continuation goes on with what it does not say anew. */
function notesOf({ notes }: TurnRequest, kept: RequestNotes = {}): RequestNotes | undefined {
  if (notes === undefined && Object.keys(kept).length === 0) return undefined
  const all = { ...kept, ...notes }
  if (JSON.stringify(all).length <= limits.notes) return all
  const sizes = Object.entries(all).map(([name, note]) => ({
    name,
    size: JSON.stringify(note).length,
  }))
  const [largest] = sizes.toSorted((a, b) => b.size - a.size)
  throw invalid(largest?.name ?? '', `is too large: ${limits.notes} characters are kept`)
}
