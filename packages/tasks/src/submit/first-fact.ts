import { type Plan, startDelay, type Submission } from '@longhaul/core'
import { planHash } from '../plan/plan-hash.ts'
import { planLifetime } from '../plan/plan-lifetime.ts'
import type { Drafted, StepPorts } from './pipeline.ts'
import { refuseLargeTurn } from './message/refuse-large-turn.ts'
import type { ConversationCopy } from './target.ts'
import type { TurnRequest } from './turn-request.ts'

/**
 * Makes the first fact of a drafted turn, for a task that begins with a copy or for one that does not. Stores the plan
 * that the fact names. Rejects with too_large.
 */
export async function firstFact(
  request: TurnRequest,
  { found, copy }: { found: Drafted; copy: ConversationCopy | undefined },
  ports: StepPorts,
): Promise<Submission['started']> {
  const { fields, before, variables, ownPlan } = found.draft
  const { plan } = found.answerer
  if (copy !== undefined) refuseLargeTurn(request, found.draft, copy)
  const all = [...(copy?.messages ?? []), ...before]
  const origins = [...(copy?.origins ?? []), ...(request.origins ?? [])]
  const known = variables ?? copy?.variables ?? {}
  const delayMs = startDelay(request, ports.now())
  const changed = ownPlan ?? (all.length > 0 ? { ...plan, v: 4 as const } : undefined)
  return {
    ...fields,
    plan:
      // The plan of an agent is stored already, but only for a turn that starts now.
      (changed === undefined && delayMs === 0 ? found.answerer.planHash : undefined) ??
      (await storePlan(changed ?? plan, request.workspace, { ...ports, delayMs })),
    ...(all.length > 0 && { before: all }),
    ...(copy !== undefined && { copied: copy.messages.length }),
    ...(origins.length > 0 && { origins }),
    ...((variables !== undefined || Object.keys(known).length > 0) && { variables: known }),
  }
}

async function storePlan(
  plan: Plan,
  workspace: string,
  ports: StepPorts & { delayMs: number },
): Promise<string> {
  const hash = planHash(plan)
  await ports.plans.put(workspace, hash, plan, planLifetime(ports) + ports.delayMs)
  return hash
}
