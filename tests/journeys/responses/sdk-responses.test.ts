import { HTTPClient, Orq } from '@orq-ai/node'
import * as errors from '@orq-ai/node/models/errors/index.js'
import type { ScriptedReply } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { failureOf } from '../../support/failure-of.ts'
import { agentWithFunction, pending, toolCall } from '../../support/function-tool.ts'
import { test } from '../../support/orq-test.ts'
import { messagesOf } from '../../support/model-messages.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, listen, only, results, script, textOf, user } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

const ulid = expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/)
const firstResponse = expect.stringMatching(/^resp_[0-9A-HJKMNP-TV-Z]{26}0001$/)

describe('a turn', () => {
  test('is answered when it has ended, and reads the same afterwards', async ({ orq, agent }) => {
    const reply = await ask(orq, agent, user('Hello there'))
    expect(reply).toEqual({
      id: firstResponse,
      taskId: ulid,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      model: 'openai/scripted',
      output: [
        {
          messageId: ulid,
          role: 'agent',
          parts: [{ kind: 'text', text: 'You said: Hello there' }],
        },
      ],
      finishReason: 'stop',
      usage: {
        promptTokens: expect.any(Number),
        completionTokens: 4,
        totalTokens: expect.any(Number),
      },
      telemetry: {
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    })
    const read = await orq.agents.responses.get({ agentKey: agent, taskId: reply.taskId })
    expect(read).toEqual({ ...reply, status: 'completed' })
  })

  test('in the background is answered at once, and polled until it has ended', async ({
    orq,
    agent,
  }) => {
    const accepted = await ask(orq, agent, {
      ...script({ text: 'Done.', delay: 300 }),
      background: true,
    })
    expect(accepted).toEqual({
      id: firstResponse,
      taskId: ulid,
      output: [],
      createdAt: expect.any(String),
      model: 'openai/scripted',
      telemetry: expect.any(Object),
    })
    const { taskId } = accepted
    const read = () => orq.agents.responses.get({ agentKey: agent, taskId })
    expect(await read()).toEqual({ ...accepted, status: 'in_progress' })
    const ended = await untilEnded(read)
    expect(ended).toMatchObject({ status: 'completed', finishReason: 'stop', id: accepted.id })
    expect(textOf(ended)).toBe('Done.')
  })

  test('is streamed as it happens: its deltas make its parts, and these equal those of a read', async ({
    orq,
    agent,
  }) => {
    const events = await listen(orq, agent, {
      ...script({ text: ['One ', 'two ', 'three.'], chunkDelay: 100 }),
    })
    const deltas = only(events, 'part.delta')
    const [started] = only(events, 'response.started')
    const [part] = only(events, 'part.done')
    expect(events.map(({ type }) => type)).toEqual([
      'response.started',
      ...deltas.map(() => 'part.delta'),
      'part.done',
      'response.done',
    ])
    expect(deltas).not.toEqual([])
    expect(new Set(deltas.map(({ data }) => data.partId))).toEqual(new Set([part?.data.partId]))
    expect(part?.data.partId).toMatch(/^text_[0-9a-z]{26}$/)
    const said = deltas.map(({ data }) => ('text' in data.delta ? data.delta.text : '')).join('')
    expect(said).toBe('One two three.')
    expect(part?.data.part).toEqual({ kind: 'text', text: said })

    const taskId = started?.data.taskId ?? ''
    const read = await orq.agents.responses.get({ agentKey: agent, taskId })
    expect(textOf(read)).toBe(said)
    expect(started?.data).toEqual({
      responseId: read.id,
      taskId,
      model: read.model,
      workflowRunId: read.telemetry?.traceId,
      userMessageId: ulid,
      assistantMessageId: read.output[0]?.messageId,
      telemetry: read.telemetry,
    })
    expect(only(events, 'response.done')[0]?.data).toEqual({
      finishReason: 'stop',
      usage: read.usage,
    })
    const times = events.map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted())
  })

  test('accepts every field of the SDK', async ({ orq, agent }) => {
    const reply = await ask(orq, agent, {
      message: {
        messageId: '01JABCDEFGHJKMNPQRSTVWXYZ0',
        role: 'user',
        parts: [
          { kind: 'text', text: 'Well?' },
          { kind: 'error', error: 'it broke', code: 500 },
        ],
      },
      identity: {
        id: 'ada',
        displayName: 'Ada',
        email: 'ada@example.com',
        metadata: [{ plan: 'pro' }],
        logoUrl: 'https://example.com/ada.png',
        tags: ['first'],
      },
      contact: { id: 'other' },
      thread: { id: 'thread', tags: ['a'] },
      memory: { entityId: 'ada' },
      metadata: { any: { thing: [1, null] } },
      engine: 'text',
      configuration: { blocking: false },
      conversation: { id: 'conv_1' },
      variables: { unused: null },
    })
    expect(textOf(reply)).toBe('You said: Well?\n\nerror: it broke')
  })

  test('continues its task: the same task id, a new response, the whole conversation', async ({
    orq,
    agent,
    cluster,
  }) => {
    const first = await ask(orq, agent, user('My name is Ada.'))
    const second = await ask(orq, agent, { ...user('What is it?'), taskId: first.taskId })
    expect(second.taskId).toBe(first.taskId)
    expect(second.id).toBe(first.id.replace(/1$/, '2'))
    expect(second.telemetry?.traceId).not.toBe(first.telemetry?.traceId)
    expect(messagesOf(cluster, second.id)).toMatchObject([
      { role: 'system' },
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'You said: My name is Ada.' },
      { role: 'user', content: 'What is it?' },
    ])
    const read = await orq.agents.responses.get({ agentKey: agent, taskId: first.taskId })
    expect(read).toEqual({ ...second, status: 'completed' })
  })

  test('continues although its listener has disconnected', async ({ orq, agent }) => {
    const reply = await orq.agents.responses.create(
      { ...script({ text: ['One ', 'two.'], chunkDelay: 200 }), stream: true },
      agent,
    )
    if ('output' in reply) throw new Error('answered as JSON')
    let taskId = ''
    for await (const { data } of reply) {
      if (data?.type !== 'response.started') throw new Error(`first came ${data?.type}`)
      taskId = data.data.taskId
      break
    }
    const ended = await untilEnded(() => orq.agents.responses.get({ agentKey: agent, taskId }))
    expect(textOf(ended)).toBe('One two.')
  })
})

describe('functions of the caller', () => {
  const twoCalls: ScriptedReply = {
    text: 'Let me look.',
    calls: [
      { id: 'call_paris', name: 'get_weather', arguments: { city: 'Paris' }, fragments: 3 },
      { id: 'call_rome', name: 'get_weather', arguments: { city: 'Rome' } },
    ],
  }

  test('pause a turn until each call is answered, also one by one', async ({ orq, cluster }) => {
    const agent = await agentWithFunction(orq)
    const paused = await ask(orq, agent, script(twoCalls, { text: 'Sun and rain.' }))
    const { taskId } = paused
    expect(paused).toMatchObject({
      finishReason: 'function_call',
      output: [
        {
          role: 'agent',
          parts: [
            { kind: 'text', text: 'Let me look.' },
            toolCall('call_paris', 'Paris'),
            toolCall('call_rome', 'Rome'),
          ],
        },
      ],
      pendingToolCalls: [pending('call_paris', 'Paris'), pending('call_rome', 'Rome')],
    })
    const read = await orq.agents.responses.get({ agentKey: agent, taskId })
    expect(read).toEqual({ ...paused, status: 'completed' })

    const half = await ask(orq, agent, { ...results({ call_rome: 'rain' }), taskId })
    expect(half.id).not.toBe(paused.id)
    expect(half).toMatchObject({
      taskId,
      finishReason: 'function_call',
      output: [{ role: 'agent', parts: [toolCall('call_paris', 'Paris')] }],
      pendingToolCalls: [pending('call_paris', 'Paris')],
    })
    expect(half.output[0]?.parts).toHaveLength(1)

    const done = await ask(orq, agent, { ...results({ call_paris: { sky: 'sun' } }), taskId })
    expect(done).toMatchObject({ taskId, finishReason: 'stop' })
    expect(done.pendingToolCalls).toBeUndefined()
    expect(done.output[0]?.parts).toEqual([{ kind: 'text', text: 'Sun and rain.' }])
    expect(messagesOf(cluster, done.id).slice(2)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_paris' }, { id: 'call_rome' }] },
      { role: 'tool', tool_call_id: 'call_paris', content: '{"sky":"sun"}' },
      { role: 'tool', tool_call_id: 'call_rome', content: 'rain' },
    ])
  })

  test('pause a stream, which names the calls in its last event only', async ({ orq }) => {
    const agent = await agentWithFunction(orq)
    const first = await listen(orq, agent, script(twoCalls, { text: 'Sun and rain.' }))
    expect(first.map(({ type }) => type).filter((type) => type !== 'part.delta')).toEqual([
      'response.started',
      'part.done',
      'response.done',
    ])
    expect(only(first, 'response.done')[0]?.data).toMatchObject({
      finishReason: 'function_call',
      pendingToolCalls: [pending('call_paris', 'Paris'), pending('call_rome', 'Rome')],
    })
    const started = only(first, 'response.started')[0]?.data
    const taskId = started?.taskId ?? ''

    const answers = results({ call_paris: 21, call_rome: null })
    const second = await listen(orq, agent, { ...answers, taskId })
    const next = only(second, 'response.started')[0]?.data
    expect(next?.taskId).toBe(taskId)
    expect(next?.responseId).not.toBe(started?.responseId)
    expect(next?.workflowRunId).not.toBe(started?.workflowRunId)
    expect(only(second, 'part.done')[0]?.data.part).toMatchObject({ text: 'Sun and rain.' })
    expect(only(second, 'response.done')[0]?.data.finishReason).toBe('stop')
  })

  test('must be answered by their ids, once, before any other message', async ({ orq }) => {
    const agent = await agentWithFunction(orq)
    const { taskId } = await ask(orq, agent, script(twoCalls, { text: 'Sun and rain.' }))
    const refusal = async (given: Parameters<typeof ask>[2]) => {
      const error = await failureOf(ask(orq, agent, { ...given, taskId }))
      expect(error).toBeInstanceOf(errors.APIError)
      expect(error.statusCode).toBe(400)
      return error.message
    }
    expect(await refusal(user('Never mind.'))).toMatch(/call_paris, call_rome/)
    expect(await refusal(results({ call_oslo: 1 }))).toContain('call_oslo is not a pending call')
    expect(await refusal(results({ call_paris: 1, call_oslo: 1 }))).toContain('call_oslo')
    const twice = results({ call_paris: 1 })
    twice.message.parts.push(...results({ call_paris: 2 }).message.parts)
    expect(await refusal(twice)).toContain('call_paris is answered twice')

    await ask(orq, agent, { ...results({ call_paris: 1 }), taskId })
    expect(await refusal(results({ call_paris: 1 }))).toContain('call_paris is not a pending call')
    await ask(orq, agent, { ...results({ call_rome: 1 }), taskId })
    expect(await refusal(results({ call_rome: 1 }))).toContain('call_rome is not a pending call')
    const withoutTask = await failureOf(ask(orq, agent, results({ call_rome: 1 })))
    expect(withoutTask.statusCode).toBe(400)
  })
})

describe('unknown ids', () => {
  test('an unknown agent is 404 to a turn, and a typed 404 to a read', async ({ orq, agent }) => {
    const key = newKey('nobody')
    const { taskId } = await ask(orq, agent, user('hi'))
    for (const agentKey of [key, `${agent}@7.0.0`, 'run']) {
      const error = await failureOf(ask(orq, agentKey, user('hi')))
      expect(error).toBeInstanceOf(errors.APIError)
      expect([agentKey, error.statusCode]).toEqual([agentKey, 404])
    }
    const streamed = await failureOf(listen(orq, key, user('hi')))
    expect(streamed.statusCode).toBe(404)
    const read = await failureOf(orq.agents.responses.get({ agentKey: key, taskId }))
    expect(read).toBeInstanceOf(errors.HonoApiError)
  })

  test('an unknown task, or one of another agent, is 404 to a turn and a typed 404 to a read', async ({
    orq,
    agent,
  }) => {
    const other = await orq.agents.create(newAgent())
    const { taskId: foreign } = await ask(orq, other.key, user('hi'))
    for (const taskId of ['01JABCDEFGHJKMNPQRSTVWXYZ0', 'no-task', foreign]) {
      const read = await failureOf(orq.agents.responses.get({ agentKey: agent, taskId }))
      expect(read).toBeInstanceOf(errors.HonoApiError)
      expect(read).toMatchObject({ statusCode: 404, code: '404' })
      expect(read.message).toBe(`Task ${taskId} not found`)
      const turn = await failureOf(ask(orq, agent, { ...user('hi'), taskId }))
      expect(turn).toBeInstanceOf(errors.APIError)
      expect(turn.statusCode).toBe(404)
    }
  })

  test('a task is found by every name of its agent', async ({ orq, agent }) => {
    const { id } = await orq.agents.retrieve(agent)
    const { taskId } = await ask(orq, `${agent}@1.0.0`, user('hi'))
    for (const agentKey of [agent, id, `${agent}@1.0.0`]) {
      const read = await orq.agents.responses.get({ agentKey, taskId })
      expect(read.status).toBe('completed')
      expect((await ask(orq, agentKey, { ...user('hi'), taskId })).taskId).toBe(taskId)
    }
  })

  test('a running task accepts no other turn', async ({ orq, agent, cluster }) => {
    const { taskId } = await ask(orq, agent, { ...script({ fault: 'hang' }), background: true })
    for (const call of [ask, listen]) {
      const error = await failureOf(call(orq, agent, { ...user('hurry'), taskId }))
      expect(error).toBeInstanceOf(errors.APIError)
      expect(error.statusCode).toBe(409)
    }
    await cluster.call('POST', `/v2/agents/${agent}/responses/${taskId}/cancel?wait=60`)
    await ask(orq, agent, { ...user('again'), taskId })
  })

  test('of many concurrent continuations of a task, one succeeds', async ({ orq, agent }) => {
    const { taskId } = await ask(orq, agent, user('hi'))
    const turn = { ...script({ fault: 'hang' }), taskId, background: true }
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => ask(orq, agent, turn)))
    const refused = calls.filter((call) => call.status === 'rejected')
    expect(refused).toHaveLength(7)
    for (const { reason } of refused) expect(reason).toMatchObject({ statusCode: 409 })
  })

  test('the running task of a deleted agent is cancelled, and stays readable', async ({
    orq,
    agent,
    cluster,
  }) => {
    const { id } = await orq.agents.retrieve(agent)
    const listening = listen(orq, agent, script({ text: ['One ', 'two '], fault: 'stall' }))
    const request = await until(() =>
      cluster.model.requests.find(({ body }) => JSON.stringify(body.messages).includes('stall')),
    )
    const taskId = taskOf(request.idempotencyKey)
    await orq.agents.delete(agent)
    await until(() => (request.status === 'closed' ? true : undefined))
    const events = await listening
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      data: { error: 'cancelled', code: 409 },
    })
    for (const agentKey of [agent, id]) {
      const task = await orq.agents.responses.get({ agentKey, taskId })
      expect(task).toMatchObject({ taskId, status: 'failed' })
    }
  })
})

test('include=messages appends the whole exchange to the answer', async ({ orq, cluster }) => {
  const httpClient = new HTTPClient()
  httpClient.addHook('beforeRequest', (request) => {
    const url = new URL(request.url)
    url.searchParams.set('include', 'messages')
    return new Request(url, request)
  })
  const curious = new Orq({ serverURL: cluster.url, apiKey: cluster.key, httpClient })
  const settings = { tools: [{ type: 'current_date' as const }] }
  const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
  const request = script(
    { reasoning: 'Hm.', text: 'Let me see.', calls: [{ id: 'call_1', name: 'current_date' }] },
    { text: 'It is late.' },
  )
  const { taskId } = await ask(orq, agent, request)
  const reply = await ask(curious, agent, { ...user('Thanks.'), taskId })
  const answer = [{ kind: 'text', text: 'You said: Thanks.' }]
  expect(reply.output).toMatchObject([
    { role: 'agent', parts: answer },
    { role: 'user', parts: request.message.parts },
    {
      role: 'agent',
      parts: [
        { kind: 'text', text: 'Let me see.' },
        { kind: 'tool_call', toolName: 'current_date', toolCallId: 'call_1', arguments: {} },
      ],
    },
    { role: 'tool', parts: [{ kind: 'tool_result', toolCallId: 'call_1' }] },
    { role: 'agent', parts: [{ kind: 'text', text: 'It is late.' }] },
    { role: 'user', parts: [{ kind: 'text', text: 'Thanks.' }] },
    { role: 'agent', parts: answer },
  ])
  const read = await curious.agents.responses.get({ agentKey: agent, taskId })
  expect(read).toEqual({ ...reply, status: 'completed' })
  const plain = await orq.agents.responses.get({ agentKey: agent, taskId })
  expect(plain.output).toEqual(reply.output.slice(0, 1))
})

async function untilEnded<T extends { status: string }>(read: () => Promise<T>): Promise<T> {
  return await until(async () => {
    const now = await read()
    return now.status === 'in_progress' ? undefined : now
  })
}

function taskOf(idempotencyKey = ''): string {
  return /^resp_(.{26})/.exec(idempotencyKey)?.[1] ?? ''
}
