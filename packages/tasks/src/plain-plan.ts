import { limits, LonghaulError, noAgent, type Plan } from '@longhaul/core'

/** The plan of a model that answers alone. Rejects with invalid when its id has no provider. */
export function plainPlan(model: string): Plan {
  if (!/^[^/\s]+\/\S+$/.test(model)) {
    const problem = `${JSON.stringify(model.slice(0, 100))} is neither agent/<key> nor of the form provider/model`
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
