import { callWith } from '@longhaul/testbed'
import { expect } from 'vitest'
import { script } from '../../support/orq-requests.ts'
import { test } from '../../support/webhook-test.ts'

test('a task tells what endpoints and named addresses were notified of, and it can be sent again', async ({
  openai,
  cluster,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const wanted = await openai.webhooks.create({
    name: 'all',
    url: receiver.url,
    event_types: ['response.started' as 'response.failed', 'response.completed'],
  })
  await openai.webhooks.create({
    name: 'none',
    url: receiver.url.replace('/events', '/none'),
    event_types: ['response.failed'],
  })
  const path = `/v2/agents/${agent}/responses`
  const named = receiver.url.replace('/events', '/named')
  const turn = { ...script({ text: 'done' }), background: true, longhaul: { webhook: named } }
  const task = String((await cluster.call('POST', path, turn)).body['task_id'])
  const other = String((await cluster.call('POST', path, turn)).body['task_id'])
  await expect.poll(() => receiver.about(task).length).toBe(3)
  await expect.poll(() => receiver.about(other).length).toBe(3)

  const list = async (query = '') => {
    const { body } = await cluster.call('GET', `${path}/${task}/deliveries${query}`)
    return body as { data: Listed[]; has_more: boolean; last_id: string | null }
  }
  const { data } = await list()
  expect(data.map(({ type, url, name }) => [type, url, name])).toEqual(
    expect.arrayContaining([
      ['response.completed', receiver.url, 'all'],
      ['response.completed', named, ''],
      ['response.started', receiver.url, 'all'],
    ]),
  )
  expect(data).toHaveLength(3)
  expect(data.at(-1)?.type).toBe('response.started')
  expect(data.find(({ name }) => name === 'all')?.webhook_id).toBe(wanted.id)

  const pages: string[] = []
  for (let after: string | null = null; ;) {
    const page = await list(`?limit=1${after === null ? '' : `&starting_after=${after}`}`)
    pages.push(...page.data.map(({ id }) => id))
    after = page.last_id
    if (!page.has_more) break
  }
  expect(pages).toEqual(data.map(({ id }) => id))
  expect((await cluster.call('GET', `${path}/${task}/deliveries?starting_after=x`)).status).toBe(
    400,
  )

  // The address is no endpoint, but its deliveries are like those of endpoints.
  const address = data.find(({ url }) => url === named)
  const one = `/v1/webhook_endpoints/${address?.webhook_id}/deliveries/${address?.id}`
  await expect
    .poll(async () => (await cluster.call('GET', one)).body)
    .toMatchObject({ status: 'delivered', attempts: [{ status: 200 }] })
  expect((await cluster.call('POST', `${one}/redeliver`)).status).toBe(202)
  await expect.poll(() => receiver.about(task).length).toBe(4)
  const foreign = await callWith(cluster.url, cluster.strangersKey)('GET', one)
  expect(foreign.status).toBe(404)
})

type Listed = { id: string; type: string; url: string; name: string; webhook_id: string }
