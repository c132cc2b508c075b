import { LonghaulError, type Plan, type PlanStore } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { LogWriter } from './log-writer.ts'

export type PlanDeps = { plans: PlanStore }

type Run = { workspace: string; writer: Pick<LogWriter, 'facts'>; log: Logger; deps: PlanDeps }

/** The plan of a turn. A plan that cannot be read counts as missing: it will not be readable later. */
export async function readPlan({
  workspace,
  writer,
  log,
  deps,
}: Run): Promise<Plan | 'newer' | undefined> {
  try {
    const latest = writer.facts.findLast((fact) => fact.type === 'turn.started')
    return await deps.plans.get(workspace, latest?.plan ?? '')
  } catch (error) {
    if (error instanceof LonghaulError) throw error
    log.error({ err: error }, 'plan cannot be read')
    return undefined
  }
}
