import { HTTPClient, Orq } from '@orq-ai/node'
import * as errors from '@orq-ai/node/models/errors/index.js'
import type { ScriptedReply, Stack } from '@longhaul/testing'
import { describe, expect } from 'vitest'
import { failureOf } from './failure-of.ts'
import { agentWithFunction, newFunction } from './function-tool.ts'
import { test } from './journey.ts'
import { newAgent, newKey } from './new-agent.ts'
import { ask, listen, only, results, script, user } from './talk.ts'
import { until } from './until.ts'

const ulid = expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/)

describe('a turn', () => {
  test('is answered when it has ended, and reads the same afterwards', async ({ orq, agent }) => {
    const reply = await ask(orq, agent, user('Hello there'))
    expect(reply).toEqual({
      id: expect.stringMatching(/^resp_[0-9A-HJKMNP-TV-Z]{26}0001$/),
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
      id: ulidResponse,
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

  test('is streamed as it happens: its deltas are its parts, and these are what a read tells', async ({
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
    // The chunks are further apart than deltas are gathered for.
    expect(deltas.length).toBeGreaterThan(1)
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

  test('takes everything that the SDK can say about it', async ({ orq, agent }) => {
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

  test('goes on with its task: the same task id, a new response, the whole conversation', async ({
    orq,
    agent,
    stack,
  }) => {
    const first = await ask(orq, agent, user('My name is Ada.'))
    const second = await ask(orq, agent, { ...user('What is it?'), taskId: first.taskId })
    expect(second.taskId).toBe(first.taskId)
    expect(second.id).toBe(first.id.replace(/1$/, '2'))
    expect(second.telemetry?.traceId).not.toBe(first.telemetry?.traceId)
    expect(messagesOf(stack, second.id)).toMatchObject([
      { role: 'system' },
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'You said: My name is Ada.' },
      { role: 'user', content: 'What is it?' },
    ])
    const read = await orq.agents.responses.get({ agentKey: agent, taskId: first.taskId })
    expect(read).toEqual({ ...second, status: 'completed' })
  })

  test('goes on although its listener has gone', async ({ orq, agent }) => {
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

  test('pause a turn until each call is answered, also one by one', async ({ orq, stack }) => {
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
    expect(messagesOf(stack, done.id).slice(2)).toMatchObject([
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

  test('must be answered by their ids, once, before anybody says anything else', async ({
    orq,
  }) => {
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

describe('what is not there', () => {
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

  test('a task that is running takes no other turn', async ({ orq, agent }) => {
    const { taskId } = await ask(orq, agent, {
      ...script({ text: 'Done.', delay: 300 }),
      background: true,
    })
    for (const call of [ask, listen]) {
      const error = await failureOf(call(orq, agent, { ...user('hurry'), taskId }))
      expect(error).toBeInstanceOf(errors.APIError)
      expect(error.statusCode).toBe(409)
    }
    await untilEnded(() => orq.agents.responses.get({ agentKey: agent, taskId }))
    await ask(orq, agent, { ...user('again'), taskId })
  })

  test('an agent that is deleted takes its running task with it', async ({ orq, agent, stack }) => {
    const { id } = await orq.agents.retrieve(agent)
    const listening = listen(orq, agent, script({ text: ['One ', 'two '], fault: 'stall' }))
    const request = await until(() =>
      stack.model.requests.find(({ status, body }) => status === 'open' && body.stream === true),
    )
    const taskId = taskOf(request.idempotencyKey)
    await orq.agents.delete(agent)
    for (const agentKey of [agent, id]) {
      const error = await failureOf(orq.agents.responses.get({ agentKey, taskId }))
      expect(error).toBeInstanceOf(errors.HonoApiError)
    }
    await until(() => (request.status === 'closed' ? true : undefined))
    const events = await listening
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      data: { error: 'cancelled', code: 409 },
    })
  })
})

describe('the model', () => {
  test('runs a tool of the server between its steps, and the stream tells so', async ({
    orq,
    stack,
  }) => {
    const settings = { tools: [{ type: 'current_date' as const }] }
    const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
    const events = await listen(
      orq,
      agent,
      script(
        {
          text: 'Let me see.',
          calls: [
            { id: 'call_1', name: 'current_date', arguments: { timezone: 'Europe/Rome' } },
            { id: 'call_2', name: 'current_date', arguments: { timezone: 'Nowhere' } },
            { id: 'call_3', name: 'no_such_tool', arguments: {} },
          ],
        },
        { text: 'It is late.' },
      ),
    )
    const [started] = only(events, 'tool.started')
    expect(started?.data).toEqual({
      toolId: 'current_date',
      toolName: 'Current date',
      toolCallId: 'call_1',
      arguments: { timezone: 'Europe/Rome' },
    })
    const [done] = only(events, 'tool.done')
    expect(done?.data).toMatchObject({
      toolId: 'current_date',
      toolCallId: 'call_1',
      result: { timezone: 'Europe/Rome', date: expect.stringMatching(/^\d{4}-/) },
    })
    const failed = only(events, 'tool.failed').map(({ data }) => data.toolCallId)
    expect(failed.toSorted()).toEqual(['call_2', 'call_3'])

    const types = events.map(({ type }) => type).filter((type) => type !== 'part.delta')
    expect(types.slice(0, 2)).toEqual(['response.started', 'part.done'])
    expect(types.slice(2, 5)).toEqual(Array(3).fill('tool.started'))
    expect(types.slice(5, 8).toSorted()).toEqual(['tool.done', 'tool.failed', 'tool.failed'])
    expect(types.slice(8)).toEqual(['part.done', 'response.done'])
    const parts = only(events, 'part.done').map(({ data }) => data.partId)
    expect(new Set(parts).size).toBe(2)

    const { responseId, taskId } = only(events, 'response.started')[0]?.data ?? {
      responseId: '',
      taskId: '',
    }
    expect(messagesOf(stack, responseId).slice(-3)).toMatchObject([
      { role: 'tool', tool_call_id: 'call_1' },
      { role: 'tool', tool_call_id: 'call_2', content: expect.stringContaining('Nowhere') },
      { role: 'tool', tool_call_id: 'call_3' },
    ])
    const read = await orq.agents.responses.get({ agentKey: agent, taskId })
    expect(read.output).toHaveLength(1)
    expect(read.output[0]?.parts).toEqual([{ kind: 'text', text: 'It is late.' }])
    expect(read.output[0]?.metadata).toEqual({
      tool_calls: [
        {
          id: 'call_1',
          name: 'current_date',
          arguments: { timezone: 'Europe/Rome' },
          result: done?.data.result,
          ms: expect.any(Number),
        },
        {
          id: 'call_2',
          name: 'current_date',
          arguments: { timezone: 'Nowhere' },
          error: expect.stringContaining('Nowhere'),
          ms: expect.any(Number),
        },
        { id: 'call_3', name: 'no_such_tool', arguments: {}, error: expect.any(String), ms: 0 },
      ],
    })
  })

  test('runs the tools of the server before it pauses for the caller’s', async ({ orq }) => {
    const tool = await orq.tools.create(newFunction())
    const settings = {
      tools: [{ type: 'current_date' as const }, { type: 'function' as const, id: tool.id }],
    }
    const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
    const paused = await ask(
      orq,
      agent,
      script({
        calls: [
          { id: 'call_here', name: 'current_date' },
          { id: 'call_there', name: 'get_weather', arguments: { city: 'Rome' } },
        ],
      }),
    )
    expect(paused.pendingToolCalls).toEqual([pending('call_there', 'Rome')])
    expect(paused.output[0]?.parts).toEqual([toolCall('call_there', 'Rome')])
  })

  test('thinks in the stream and not in the output', async ({ orq, agent }) => {
    const events = await listen(
      orq,
      agent,
      script({ reasoning: ['Hm, ', 'well. '], text: 'Yes.', chunkDelay: 60 }),
    )
    const [thought, answer] = only(events, 'part.done')
    expect(thought?.data).toEqual({
      partId: expect.stringMatching(/^reasoning_[0-9a-z]{26}$/),
      part: { kind: 'reasoning', reasoning: 'Hm, well. ', id: thought?.data.partId },
    })
    expect(answer?.data.part).toEqual({ kind: 'text', text: 'Yes.' })
    const thinking = only(events, 'part.delta').filter(
      ({ data }) => data.partId === thought?.data.partId,
    )
    expect(
      thinking.map(({ data }) => ('reasoning' in data.delta ? data.delta.reasoning : '')).join(''),
    ).toBe('Hm, well. ')
    const taskId = only(events, 'response.started')[0]?.data.taskId ?? ''
    const read = await orq.agents.responses.get({ agentKey: agent, taskId })
    expect(read.output[0]?.parts).toEqual([{ kind: 'text', text: 'Yes.' }])
  })

  test('is counted over all its calls, with cached and reasoning tokens', async ({ orq }) => {
    const settings = { tools: [{ type: 'current_date' as const }] }
    const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
    const reply = await ask(
      orq,
      agent,
      script(
        {
          calls: [{ name: 'current_date' }],
          usage: { input: 100, output: 10, cached: 64, reasoning: 5 },
        },
        { text: 'Late.', usage: { input: 200, output: 20, cached: 128, reasoning: 15 } },
      ),
    )
    expect(reply.usage).toEqual({
      promptTokens: 300,
      completionTokens: 30,
      totalTokens: 330,
      promptTokensDetails: { cachedTokens: 192 },
      completionTokensDetails: { reasoningTokens: 20 },
    })
    const uncounted = await ask(orq, agent, script({ text: 'Late.', usage: null }))
    expect(uncounted.usage).toBeUndefined()
  })

  test.for(['length', 'content_filter'] as const)(
    'may end with %s, and what it said is kept',
    async (finish, { orq, agent }) => {
      const reply = await ask(orq, agent, script({ text: 'So far', finish }))
      expect(reply.finishReason).toBe(finish)
      expect(textOf(reply)).toBe('So far')
      const events = await listen(orq, agent, script({ text: '', finish }))
      expect(only(events, 'response.done')[0]?.data.finishReason).toBe(finish)
    },
  )

  test('is stopped at max_iterations, and its last text is the answer', async ({ orq }) => {
    const settings = { maxIterations: 2, tools: [{ type: 'current_date' as const }] }
    const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
    const calls = [{ name: 'current_date' }]
    const reply = await ask(
      orq,
      agent,
      script({ text: 'First.', calls }, { text: 'Second.', calls }, { text: 'Third.' }),
    )
    expect(reply.finishReason).toBe('max_iterations')
    expect(textOf(reply)).toBe('Second.')
    const silent = await ask(orq, agent, script({ calls }, { calls }))
    expect(silent.output[0]?.parts).toEqual([{ kind: 'text', text: '' }])
  })

  test('that fails is an error of the call, a failed task, and the last event of a stream', async ({
    orq,
    agent,
  }) => {
    const refuses = { status: 401, body: { error: { message: 'who are you?' } } }
    const error = await failureOf(ask(orq, agent, script(refuses)))
    expect(error).toBeInstanceOf(errors.APIError)
    expect(error.statusCode).toBe(502)
    expect(error.message).toContain('who are you?')
    expect(JSON.parse(error.body)).toMatchObject({ error: { code: 'provider_failed' } })

    const events = await listen(orq, agent, script(refuses))
    expect(events.map(({ type }) => type)).toEqual(['response.started', 'response.failed'])
    const failed = only(events, 'response.failed')[0]?.data
    expect(failed).toEqual({ error: expect.stringMatching(/^provider_failed: /), code: 502 })
    const taskId = only(events, 'response.started')[0]?.data.taskId ?? ''
    const read = await orq.agents.responses.get({ agentKey: agent, taskId })
    expect(read).toMatchObject({
      status: 'failed',
      error: failed?.error,
      output: [{ role: 'agent', parts: [{ kind: 'error', error: failed?.error, code: 502 }] }],
    })
    expect(read.finishReason).toBeUndefined()

    const next = await ask(orq, agent, { ...user('Again?'), taskId })
    expect(next).toMatchObject({ taskId, finishReason: 'stop' })
  })

  test('that has too much to do is 429 after its retries', async ({ orq, stack }) => {
    const model = { id: 'openai/scripted', retry: { count: 1 } }
    const { key: agent } = await orq.agents.create({ ...newAgent(), model })
    const busy = { status: 429, headers: { 'retry-after-ms': '1' } }
    const already = stack.model.requests.length
    const error = await failureOf(ask(orq, agent, script(busy)))
    expect(error.statusCode).toBe(429)
    expect(stack.model.requests).toHaveLength(already + 2)
  })

  test('is asked again after a 500, with the same idempotency key', async ({
    orq,
    agent,
    stack,
  }) => {
    const reply = await ask(orq, agent, script([{ status: 500 }, { text: 'Now.' }]))
    expect(textOf(reply)).toBe('Now.')
    const keys = stack.model.requests.slice(-2).map(({ idempotencyKey }) => idempotencyKey)
    expect(keys).toEqual([`${reply.id}.1`, `${reply.id}.1`])
  })

  test('gives way to its fallback, which the reply then names', async ({ orq, stack }) => {
    const { key: agent } = await orq.agents.create({
      ...newAgent(),
      fallbackModels: [{ id: 'openai/second' }, 'openai/third'],
    })
    const tries = [{ status: 400 }, { status: 400 }, { text: 'I can.' }]
    const reply = await ask(orq, agent, script(tries))
    expect(reply.model).toBe('openai/third')
    expect(textOf(reply)).toBe('I can.')
    const models = stack.model.requests.slice(-3).map(({ body }) => body.model)
    expect(models).toEqual(['scripted', 'second', 'third'])
    const read = await orq.agents.responses.get({ agentKey: agent, taskId: reply.taskId })
    expect(read.model).toBe('openai/third')
  })

  test('is told the variables of the turn, the agent, and the turn before', async ({
    orq,
    stack,
  }) => {
    const { key: agent } = await orq.agents.create({
      ...newAgent(),
      instructions: 'Speak to {{name}} of {{place}}.',
      variables: { place: 'Rome', name: 'nobody' },
    })
    const variables = { name: 'Ada', secret: '{{place}}' }
    const first = await ask(orq, agent, {
      ...user('I am {{name}} {{ghost}}, {{secret}}'),
      variables,
    })
    expect(textOf(first)).toBe('You said: I am Ada {{ghost}}, {{place}}')
    expect(messagesOf(stack, first.id)[0]?.content).toContain('Speak to Ada of Rome.')
    const { taskId } = first
    const second = await ask(orq, agent, { ...user('Still {{name}}'), taskId })
    expect(textOf(second)).toBe('You said: Still Ada')
    const third = await ask(orq, agent, { ...user('{{name}}'), taskId, variables: { name: 'Bob' } })
    expect(messagesOf(stack, third.id)[0]?.content).toContain('Speak to Bob of Rome.')
  })

  test('is told mustache sections where the turn or the agent asks for them', async ({
    orq,
    agent,
  }) => {
    const template = 'For{{#people}} {{name}}{{/people}}{{^none}}.{{/none}}{{ghost}}'
    const variables = { people: [{ name: 'Ada' }, { name: 'Bob' }], none: false }
    const turn = { ...user(template), variables }
    expect(textOf(await ask(orq, agent, { ...turn, engine: 'mustache' }))).toBe(
      'You said: For Ada Bob.',
    )
    await orq.agents.update({ engine: 'mustache' }, agent)
    expect(textOf(await ask(orq, agent, turn))).toBe('You said: For Ada Bob.')
    const broken = await failureOf(ask(orq, agent, { ...user('{{#open}}'), variables }))
    expect(broken.statusCode).toBe(400)
  })
})

test('include=messages appends the whole exchange to the answer', async ({ orq, stack }) => {
  const httpClient = new HTTPClient()
  httpClient.addHook('beforeRequest', (request) => {
    const url = new URL(request.url)
    url.searchParams.set('include', 'messages')
    return new Request(url, request)
  })
  const curious = new Orq({ serverURL: stack.url, apiKey: stack.key, httpClient })
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

const ulidResponse = expect.stringMatching(/^resp_[0-9A-HJKMNP-TV-Z]{26}0001$/)

function textOf({ output }: { output: { parts: object[] }[] }): string | undefined {
  const [part] = output[0]?.parts ?? []
  return part !== undefined && 'text' in part ? String(part.text) : undefined
}

async function untilEnded<T extends { status: string }>(read: () => Promise<T>): Promise<T> {
  return await until(async () => {
    const now = await read()
    return now.status === 'in_progress' ? undefined : now
  })
}

/** What the model was given in the last call of a turn. */
function messagesOf({ model }: Stack, responseId: string) {
  const last = model.requests.findLast(({ idempotencyKey }) =>
    idempotencyKey?.startsWith(`${responseId}.`),
  )
  return last?.body.messages ?? []
}

function taskOf(idempotencyKey = ''): string {
  return /^resp_(.{26})/.exec(idempotencyKey)?.[1] ?? ''
}

function toolCall(toolCallId: string, city: string) {
  return { kind: 'tool_call', toolName: 'get_weather', toolCallId, arguments: { city } }
}

function pending(id: string, city: string) {
  return {
    id,
    type: 'function',
    function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
  }
}
