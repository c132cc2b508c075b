import type { Cluster } from '@longhaul/testbed/servers'
import { startReceiver } from '../support/receiver.ts'

/** Endpoints and schedules of the company, before its tasks run. `close` ends the receiver of the events. */
export async function addEndpoints({ call }: Cluster) {
  const receiver = await startReceiver(({ path }, response) => {
    response.setHeader('content-type', 'application/json')
    response.statusCode = path === '/gone' ? 410 : path === '/flaky' ? 503 : 200
    response.end(
      response.statusCode === 503 ? '{"error": "The database restarts."}' : '{"received": true}',
    )
  })
  const url = (path: string) => receiver.url.replace('/events', path)
  const create = async (name: string, path: string, types: string[]) => {
    const given = { name, url: url(path), event_types: types }
    const { status, body } = await call('POST', '/v1/webhook_endpoints', given)
    if (status >= 300) throw new Error(JSON.stringify(body))
    return String(body['id'])
  }
  await create('Old ticket system', '/gone', ['response.completed'])
  const flaky = await create('Data warehouse', '/flaky', ['response.*'])
  await create('Shop', '/events', [
    'response.completed',
    'response.failed',
    'response.action_required',
  ])
  return { flaky, close: () => receiver.close() }
}

/** Schedules of the agents of the company, one of which has run. Returns its id. */
export async function addSchedules({ call }: Cluster): Promise<string> {
  const create = async (agent: string, name: string, more: object) => {
    const given = { display_name: name, type: 'cron', ...more }
    const { status, body } = await call('POST', `/v3/agents/${agent}/schedules`, given)
    if (status >= 300) throw new Error(JSON.stringify(body))
    return String(body['_id'])
  }
  const nightly = await create('reports', 'Nightly report', {
    expression: '30 2 * * *',
    timezone: 'America/New_York',
    payload: { input: 'Make the nightly report' },
  })
  await call('PATCH', `/v3/agents/reports/schedules/${nightly}`, { is_active: false })
  await create('researcher', 'Prices of the suppliers', {
    type: 'interval',
    expression: '@every 6h',
    payload: { input: 'Find prices and lead times of the three suppliers' },
  })
  const morning = await create('billing', 'Morning check of double charges', {
    expression: '0 9 * * 1-5',
    timezone: 'Asia/Tokyo',
    overlap: 'queue',
    payload: { input: 'Is invoice 4711 still open?', metadata: { team: 'billing' } },
  })
  const path = `/v3/agents/billing/schedules/${morning}`
  await call('POST', `${path}/execution`)
  const to = new Date()
  const from = new Date(to.getTime() - 4 * 86_400_000)
  await call('POST', `${path}/backfill`, { from: from.toISOString(), to: to.toISOString() })
  return morning
}
