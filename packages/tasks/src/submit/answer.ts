import { checkTemplates, type ContentBudget, createContentBudget } from '@longhaul/content'
import { type Engine, invalid, LonghaulError, noAgent, type Plan } from '@longhaul/core'
import { plainPlan } from '../plan/model-only-plan.ts'
import type { Answered, Answerer, StepPorts } from './pipeline.ts'
import type { RequestFields } from './turn-request.ts'

/** Finds the agent or model that answers, with its plan. Rejects with not_found, or with invalid when it cannot run. */
export async function answer(
  request: RequestFields,
  found: Pick<Answered, 'bound'>,
  ports: Pick<StepPorts, 'agents'>,
): Promise<Answered> {
  const { workspace, agent, model } = request
  const answerer =
    model === undefined
      ? orNotFound(await ports.agents.resolve(workspace, agent), agent)
      : { agentId: noAgent, plan: plainPlan(model) }
  const budget = createContentBudget(request.workspace)
  const { engine = answerer.plan.engine } = request
  if (engine !== answerer.plan.engine) await checkEngine(engine, answerer.plan, budget)
  return { ...found, answerer, budget }
}

function orNotFound(answerer: Answerer | undefined, agent: string): Answerer {
  if (answerer === undefined) throw new LonghaulError('not_found', `Agent ${agent} not found`)
  return answerer
}

/** The templates of an agent were checked for its own engine, but a turn may ask for another one. */
async function checkEngine(engine: Engine, plan: Plan, budget: ContentBudget): Promise<void> {
  const texts = [plan.system, ...Object.values(plan.systemParts ?? {})]
  // Without a path, since the caller has not written these templates.
  const templates = texts.map((text) => ({ path: '', text }))
  try {
    await checkTemplates(templates, engine, budget)
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'invalid') throw error
    throw invalid('engine', `${engine} does not fit the agent: ${error.message}`)
  }
}
