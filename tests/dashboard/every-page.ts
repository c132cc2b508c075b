import type { Cluster } from '@longhaul/testbed/servers'
import { script, user } from '../support/orq-requests.ts'
import { until } from '../support/until.ts'
import { call } from './dashboard-test.ts'

type Agent = {
  key: string
  submit: (turn: object, to?: string) => Promise<string>
  ended: (task: string) => Promise<unknown>
}

/** Fills a workspace so that each page has something to show. Resolves with the paths of all pages. */
export async function everyPage(
  cluster: Pick<Cluster, 'call'>,
  agent: Agent,
  url: string,
  name = 'Everything',
): Promise<string[]> {
  const endpoint = { name, url, event_types: ['response.*'] }
  const { body: created } = await cluster.call('POST', '/v1/webhook_endpoints', endpoint)
  const task = await agent.submit(user('hello'))
  const failed = await agent.submit(script([{ status: 400 }]))
  await Promise.all([task, failed].map((each) => agent.ended(each)))
  await agent.submit(script(call, { text: 'a' }), `${agent.key}-ask`)
  const { body: schedule } = await cluster.call('POST', `/v3/agents/${agent.key}/schedules`, {
    type: 'cron',
    expression: '0 9 * * *',
    timezone: 'Asia/Tokyo',
    display_name: name,
    payload: { input: name },
  })
  const path = `/v3/agents/${agent.key}/schedules/${String(schedule['_id'])}`
  await cluster.call('POST', `${path}/execution`)
  await until(async () => {
    const { body } = await cluster.call('GET', `${path}/runs`)
    return JSON.stringify(body).includes('task_id') || undefined
  })
  await until(async () => {
    const { body } = await cluster.call(
      'GET',
      `/v2/agents/${agent.key}/responses/${task}/deliveries`,
    )
    return JSON.stringify(body).includes('response.completed') || undefined
  })
  const one = `tasks/${agent.key}/${task}`
  return [
    'tasks',
    one,
    `tasks/${agent.key}/${failed}`,
    'inbox',
    'failures',
    'overview',
    'agents',
    `agents/${agent.key}`,
    'limits',
    'webhooks',
    `webhooks/${String(created['id'])}`,
    'schedules',
    `schedules/${agent.key}/${String(schedule['_id'])}`,
    `compare?a=${agent.key}/${task}&b=${agent.key}/${failed}`,
  ]
}
