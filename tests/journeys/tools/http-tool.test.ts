import { startScriptedServer } from '@longhaul/testbed'
import { expect } from 'vitest'
import { inEveryMode } from '../../support/every-mode.ts'
import { test as base } from '../../support/orq-test.ts'
import { everythingIn, leaksOf } from '../../support/find-secrets.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, listen, only, script, textOf } from '../../support/orq-requests.ts'

const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  /** An agent with one tool that requests an order from the service, with a secret of the tool and one of the caller. */
  .extend('clerk', async ({ orq, service }) => {
    const tool = await orq.tools.create({
      type: 'http',
      key: newKey('orders'),
      path: 'Default',
      description: 'Finds an order.',
      http: {
        blueprint: {
          url: `${service.url}/orders/{{id}}?tenant={{tenant}}`,
          method: 'POST',
          headers: {
            Authorization: { value: 'Bearer s3cret-of-the-tool', encrypted: true },
            'X-Caller': '{{caller_token}}',
          },
          body: { id: '{{id}}', urgent: '{{urgent}}' },
        },
        arguments: {
          id: { type: 'string', description: 'The number.' },
          urgent: { type: 'boolean', description: 'In haste?', defaultValue: false },
          tenant: { type: 'string', description: '', sendToModel: false, defaultValue: 't 1' },
        },
      },
    })
    if (tool.type !== 'http') throw new Error(`became ${tool.type}`)
    const settings = { tools: [{ type: 'http' as const, key: tool.key }] }
    const { key } = await orq.agents.create({ ...newAgent(), settings })
    return { agent: key, tool }
  })

const callerToken = { secret: true, value: 's3cret-of-the-caller' }

test('the service receives the request that the tool describes, including secrets', async ({
  orq,
  clerk,
  service,
  cluster,
}) => {
  service.requests.length = 0
  service.reply(() => ({ body: { state: 'shipped' } }))
  const call = { id: 'c1', name: clerk.tool.key, arguments: { id: 'a/7' } }
  const reply = await ask(orq, clerk.agent, {
    ...script({ calls: [call] }, { text: 'It is on its way.' }),
    variables: { caller_token: callerToken },
  })

  expect(textOf(reply)).toBe('It is on its way.')
  expect(service.requests).toMatchObject([
    {
      method: 'POST',
      path: '/orders/a%2F7?tenant=t%201',
      body: '{"id":"a/7","urgent":false}',
      headers: {
        authorization: 'Bearer s3cret-of-the-tool',
        'x-caller': 's3cret-of-the-caller',
        'content-type': 'application/json',
        'idempotency-key': `${reply.id}.c1`,
      },
    },
  ])
  const { messages, tools } = cluster.model.requests.at(-1)?.body ?? {}
  expect(messages?.at(-1)).toMatchObject({ role: 'tool', content: '{"state":"shipped"}' })
  expect(tools).toMatchObject([
    { function: { parameters: { required: ['id'], properties: { id: {}, urgent: {} } } } },
  ])
  expect(JSON.stringify(tools)).not.toContain('tenant')
})

test('the call is made in every mode', async ({ orq, cluster, clerk, service }) => {
  service.requests.length = 0
  service.reply(() => ({ body: { state: 'shipped' } }))
  const call = { id: 'c1', name: clerk.tool.key, arguments: { id: '7' } }
  const turn = {
    ...script({ calls: [call] }, { text: 'It is on its way.' }),
    variables: { caller_token: callerToken },
  }
  for (const reported of await inEveryMode({ orq, cluster }, clerk.agent, turn)) {
    expect(reported).toMatchObject({
      text: 'It is on its way.',
      calls: [{ id: 'c1', result: { state: 'shipped' } }],
    })
  }
  expect(service.requests).toHaveLength(3)
})

test('the model reads an answer that is not a success', async ({
  orq,
  clerk,
  service,
  cluster,
}) => {
  service.reply(() => ({ status: 404, body: 'no such order' }))
  const call = { id: 'c1', name: clerk.tool.key, arguments: { id: '8' } }
  const events = await listen(orq, clerk.agent, {
    ...script({ calls: [call] }, { text: 'There is none.' }),
    variables: { caller_token: callerToken },
  })
  expect(only(events, 'tool.failed')).toMatchObject([
    { data: { toolCallId: 'c1', error: 'the server answered 404: no such order' } },
  ])
  const read = cluster.model.requests.at(-1)?.body.messages?.at(-1)
  expect(read?.content).toContain('404: no such order')
})

test('no reply, event, log line or record shows secrets, even if the service returns them', async ({
  orq,
  clerk,
  service,
  cluster,
}) => {
  service.reply(({ headers: sent }) => {
    const encoded = Buffer.from(String(sent.authorization)).toString('base64')
    return { body: { ...sent, encoded } }
  })
  const call = { id: 'c1', name: clerk.tool.key, arguments: { id: '9' } }
  const turn = {
    ...script({ calls: [call] }, { text: 'Done.' }),
    variables: { caller_token: callerToken },
  }
  const events = await listen(orq, clerk.agent, turn)
  const path = `/v2/agents/${clerk.agent}/responses`
  const taskId = only(events, 'response.started')[0]?.data.taskId
  const { body: whole } = await cluster.call('GET', `${path}/${taskId}?include=messages`)
  const { body: agent } = await cluster.call('GET', `/v2/agents/${clerk.agent}`)
  const { body: tool } = await cluster.call('GET', `/v2/tools/${clerk.tool.key}`)
  const { body: versions } = await cluster.call('GET', `/v2/tools/${clerk.tool.key}/versions`)

  const model = cluster.model.requests.at(-1)?.body
  const logs = [cluster.api, ...cluster.workers].map(({ log }) => log)
  const stored = await everythingIn(cluster.redisUrl)
  expect(JSON.stringify(stored)).toContain(taskId)
  const secrets = ['Bearer s3cret-of-the-tool', 's3cret-of-the-tool', 's3cret-of-the-caller']
  const seen = { events, whole, agent, tool, versions, model, logs, stored }
  expect(leaksOf(secrets, seen)).toEqual([])
  expect(only(events, 'tool.done')[0]?.data.result).toMatchObject({
    authorization: '[secret]',
    'x-caller': '[secret]',
  })
  expect(tool['http']).toMatchObject({
    blueprint: { headers: { Authorization: { value: '********', encrypted: true } } },
  })
})

test('a new secret applies to running turns, and the mask still hides the old one', async ({
  orq,
  clerk,
  service,
}) => {
  const { tool } = clerk
  const change = async (value: string) => {
    const headers = { Authorization: { value, encrypted: true } }
    const http = { ...tool.http, blueprint: { ...tool.http.blueprint, headers } }
    await orq.tools.update({ toolId: tool.key, requestBody: { type: 'http', http } })
  }
  const sent = async () => {
    service.requests.length = 0
    const call = { id: 'c1', name: tool.key, arguments: { id: '1' } }
    await ask(orq, clerk.agent, script({ calls: [call] }, { text: 'ok' }))
    return service.requests[0]?.headers.authorization
  }
  service.reply(() => ({ body: {} }))
  await change('Bearer another')
  expect(await sent()).toBe('Bearer another')
  await change('********')
  expect(await sent()).toBe('Bearer another')
})
