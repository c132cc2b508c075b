import { type Made, pathOf } from './make-tasks.ts'

/** The paths of all readable data of the fixture that do not wait for a later end. */
export function pathsOf({ tasks }: Made): string[] {
  return [
    '/v1/models',
    '/v2/admin/tasks?status=failed',
    '/v2/agents',
    ...['helper', 'clerk', 'payer', 'echo', 'leader', 'gone'].map((key) => `/v2/agents/${key}`),
    '/v2/tools',
    ...['weather', 'pay', 'area', 'form'].flatMap((key) => [
      `/v2/tools/${key}`,
      `/v2/tools/${key}/versions`,
    ]),
    '/v2/mcp-servers',
    '/v2/mcp-servers/echoes',
    '/v2/reviews',
    '/v2/responses?limit=200',
    '/v2/responses?thread_id=t1',
    '/v2/agents/helper/responses?limit=200&status=completed',
    '/v2/agents/helper/responses?metadata.plan=pro&identity_id=ada',
    '/v2/agents/gone/responses',
    ...Object.entries(tasks).flatMap(([name, task]) => [
      pathOf(task),
      `${pathOf(task)}?include=messages`,
      `${pathOf(task)}/log?limit=200`,
      `/v1/responses/${task.response}`,
      `/v1/responses/${task.response}/input_items`,
      ...(live.has(name)
        ? []
        : [`${pathOf(task)}/events?after=0`, `/v1/responses/${task.response}?stream=true`]),
    ]),
  ]
}

/** Tasks whose streams do not end by themselves. */
export const live = new Set([
  'parked',
  'approval',
  'rejected',
  'parent',
  'dying',
  'stopping',
  'queued',
  'waiting',
])
