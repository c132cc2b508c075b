import { type Made, pathOf } from './make-tasks.ts'

/** Everything that can be read of what was made, without an end that comes later. */
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

/** Their streams do not end by themselves. */
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
