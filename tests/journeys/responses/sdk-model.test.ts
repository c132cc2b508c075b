import * as errors from '@orq-ai/node/models/errors/index.js'
import { describe, expect } from 'vitest'
import { failureOf } from '../../support/failure-of.ts'
import { newFunction, pending, toolCall } from '../../support/function-tool.ts'
import { messagesOf } from '../../support/model-messages.ts'
import { test } from '../../support/orq-test.ts'
import { newAgent } from '../../support/new-agent.ts'
import { ask, listen, only, script, textOf, user } from '../../support/orq-requests.ts'

describe('the model', () => {
  test('calls a tool of the server between its steps, which the stream shows', async ({
    orq,
    cluster,
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
    expect(messagesOf(cluster, responseId).slice(-3)).toMatchObject([
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

  test('reasons in the stream and not in the output', async ({ orq, agent }) => {
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

  test('has the usage of all its calls, with cached and reasoning tokens', async ({ orq }) => {
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
    'may end with %s, and its text is kept',
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

  test('is stopped at max_execution_time, counted over its calls', async ({ orq }) => {
    const settings = { maxExecutionTime: 1, tools: [{ type: 'current_date' as const }] }
    const { key: agent } = await orq.agents.create({ ...newAgent(), settings })
    const slow = { text: 'Slowly.', calls: [{ name: 'current_date' }], delay: 1_050 }
    const reply = await ask(orq, agent, script(slow, { text: 'Later.' }))
    expect(reply.finishReason).toBe('max_time')
    expect(textOf(reply)).toBe('Slowly.')
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
    const { task_id: failedTask } = JSON.parse(error.body) as { task_id: string }
    const failedRead = await orq.agents.responses.get({ agentKey: agent, taskId: failedTask })
    expect(failedRead.status).toBe('failed')

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

  test('that is overloaded is 429 after its retries', async ({ orq, cluster }) => {
    const model = { id: 'openai/scripted', retry: { count: 1 } }
    const { key: agent } = await orq.agents.create({ ...newAgent(), model })
    const busy = { status: 429, headers: { 'retry-after-ms': '1' } }
    const already = cluster.model.requests.length
    const error = await failureOf(ask(orq, agent, script(busy)))
    expect(error.statusCode).toBe(429)
    expect(error.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(cluster.model.requests).toHaveLength(already + 2)
  })

  test('is called again after a 500, with the same idempotency key', async ({
    orq,
    agent,
    cluster,
  }) => {
    const reply = await ask(orq, agent, script([{ status: 500 }, { text: 'Now.' }]))
    expect(textOf(reply)).toBe('Now.')
    const keys = cluster.model.requests.slice(-2).map(({ idempotencyKey }) => idempotencyKey)
    expect(keys).toEqual([`${reply.id}.1`, `${reply.id}.1`])
  })

  test('that is cut off in the middle begins a new part, and only that one is done', async ({
    orq,
    agent,
  }) => {
    const cut = { text: ['Half ', 'of '], chunkDelay: 80, fault: 'reset' as const }
    const events = await listen(orq, agent, script([cut, { text: 'The whole.' }]))
    const [part, ...others] = only(events, 'part.done')
    expect(others).toEqual([])
    expect(part?.data.part).toEqual({ kind: 'text', text: 'The whole.' })
    const partIds = only(events, 'part.delta').map(({ data }) => data.partId)
    expect(partIds[0]).not.toBe(part?.data.partId)
    expect(partIds.at(-1)).toBe(part?.data.partId)
    const taskId = only(events, 'response.started')[0]?.data.taskId ?? ''
    const read = await orq.agents.responses.get({ agentKey: agent, taskId })
    expect(read.output[0]?.parts).toEqual([{ kind: 'text', text: 'The whole.' }])
  })

  test('is replaced by its fallback, which the reply then names', async ({ orq, cluster }) => {
    const { key: agent } = await orq.agents.create({
      ...newAgent(),
      fallbackModels: [{ id: 'openai/second' }, 'openai/third'],
    })
    const tries = [{ status: 400 }, { status: 400 }, { text: 'I can.' }]
    const reply = await ask(orq, agent, script(tries))
    expect(reply.model).toBe('openai/third')
    expect(textOf(reply)).toBe('I can.')
    const models = cluster.model.requests.slice(-3).map(({ body }) => body.model)
    expect(models).toEqual(['scripted', 'second', 'third'])
    const read = await orq.agents.responses.get({ agentKey: agent, taskId: reply.taskId })
    expect(read.model).toBe('openai/third')
  })

  test('receives the variables of the turn, the agent, and the turn before', async ({
    orq,
    cluster,
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
    expect(messagesOf(cluster, first.id)[0]?.content).toContain('Speak to Ada of Rome.')
    const { taskId } = first
    const second = await ask(orq, agent, { ...user('Still {{name}}'), taskId })
    expect(textOf(second)).toBe('You said: Still Ada')
    const third = await ask(orq, agent, { ...user('{{name}}'), taskId, variables: { name: 'Bob' } })
    expect(messagesOf(cluster, third.id)[0]?.content).toContain('Speak to Bob of Rome.')
  })

  test('receives the agent’s own variables in a message only if the agent allows it', async ({
    orq,
    cluster,
  }) => {
    const { key: agent } = await orq.agents.create({
      ...newAgent(),
      variables: { internal: 'the plan', name: 'nobody' },
    })
    const variables = { name: 'Ada' }
    const said = async (engine: 'text' | 'mustache' | 'jinja') =>
      textOf(await ask(orq, agent, { ...user('{{name}}: {{internal}}'), variables, engine }))
    const inEveryEngine = async () => [
      await said('text'),
      await said('mustache'),
      await said('jinja'),
    ]
    const without = ['You said: Ada: {{internal}}', 'You said: Ada: ', 'You said: Ada: ']
    expect(await inEveryEngine()).toEqual(without)
    const allow = async (allowed: boolean) => {
      const settings = { agent_variables_in_messages: allowed }
      const { body } = await cluster.call('PATCH', `/v2/agents/${agent}`, { settings })
      expect(body['settings']).toMatchObject(settings)
    }
    await allow(true)
    expect(await inEveryEngine()).toEqual(Array(3).fill('You said: Ada: the plan'))
    await allow(false)
    expect(await inEveryEngine()).toEqual(without)
  })

  test('receives rendered mustache sections if the turn or the agent uses that engine', async ({
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

  test('receives rendered jinja templates, also in the agent’s own texts', async ({
    orq,
    cluster,
  }) => {
    const { key: agent } = await orq.agents.create({
      ...newAgent(),
      engine: 'jinja',
      role: 'guide to {{ place }}',
      instructions: '{% for rule in rules %}{{ loop.index }}. {{ rule }} {% endfor %}',
      systemPrompt:
        'You are a {{ role | upper }}.{% if instructions %} Rules: {{ instructions }}{% endif %}',
      variables: { place: 'Rome', rules: ['Be brief.', 'Be {{ kind }}.'] },
    })
    const turn = {
      ...user('{% if name %}I am {{ name }}{% else %}Hi{% endif %}{{ ghost }}'),
      variables: { name: 'Ada', role: 'thief' },
    }
    const reply = await ask(orq, agent, turn)
    expect(textOf(reply)).toBe('You said: I am Ada')
    expect(messagesOf(cluster, reply.id)[0]).toMatchObject({
      role: 'system',
      content: 'You are a GUIDE TO ROME. Rules: 1. Be brief. 2. Be {{ kind }}. ',
    })
    for (const text of [
      '{% if name %}',
      '{{ name | shout }}',
      '{% for a in range(10 ** 9) %}{% endfor %}',
    ]) {
      const refused = await failureOf(ask(orq, agent, user(text)))
      expect(refused.statusCode).toBe(400)
      expect(refused.message).toContain('message.parts[0].text: the template')
    }
  })

  test('fails the turn with the reason where a jinja template breaks on its variables', async ({
    orq,
  }) => {
    const { key: agent } = await orq.agents.create({
      ...newAgent(),
      engine: 'jinja',
      instructions: '{{ count + 1 }}',
    })
    const failed = await failureOf(ask(orq, agent, user('Hello')))
    expect(failed.message).toContain('the template adds a missing value and a number')
  })
})
