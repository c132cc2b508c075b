import {
  cutText,
  isModelId,
  limits,
  LonghaulError,
  modelIdForm,
  noAgent,
  type Plan,
} from '@longhaul/core'

/** The plan of a model that answers without an agent. Throws invalid for an id that is not `provider/model`. */
export function plainPlan(model: string): Plan {
  if (!isModelId(model)) {
    const problem = `${JSON.stringify(cutText(model, 100))} is neither agent/<key> nor of the form ${modelIdForm}`
    throw new LonghaulError('invalid', `model: ${problem}`, {
      reason: 'model_not_found',
      fields: [{ path: 'model', message: problem }],
    })
  }
  return {
    v: 4,
    agent: { id: noAgent, key: '', version: '' },
    system: '',
    engine: 'text',
    variables: {},
    models: [{ id: model }],
    tools: [],
    maxIterations: limits.iterations.default,
    maxExecutionSeconds: limits.executionSeconds.default,
  }
}
