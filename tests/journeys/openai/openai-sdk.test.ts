import OpenAI, { APIError } from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import type { Cluster, ScriptedReply } from '@longhaul/testbed'
import { newAgent } from '../../support/new-agent.ts'
import { getWeather, scripted, test } from '../../support/openai-test.ts'

type Failure = { status: number; code: string; param: string }

describe('the openai SDK', () => {
  test('creates a response, whole and with every key', async ({ openai, agent }) => {
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      input: scripted({
        reasoning: 'Hm.',
        text: 'Hello there.',
        usage: { input: 12, output: 5, cached: 4, reasoning: 2 },
      }),
      metadata: { a: 'b' },
      user: 'ada',
    })
    expect(made.output_text).toBe('Hello there.')
    expect(made).toMatchObject({
      object: 'response',
      status: 'completed',
      background: false,
      error: null,
      incomplete_details: null,
      model: `agent/${agent}`,
      metadata: { a: 'b' },
      user: 'ada',
      usage: {
        input_tokens: 12,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 17,
      },
      output: [
        {
          type: 'reasoning',
          summary: [],
          content: [{ type: 'reasoning_text', text: 'Hm.' }],
          status: 'completed',
        },
        {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hello there.', annotations: [] }],
        },
      ],
    })
    expect(Object.keys(made)).toEqual(expect.arrayContaining(requiredKeys))
    expect(await openai.responses.retrieve(made.id)).toEqual(made)
  })

  test('creates one in the background and polls it', async ({ openai, agent }) => {
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      background: true,
      input: scripted({ delay: 300, text: 'Done.' }),
    })
    expect(['queued', 'in_progress']).toContain(made.status)
    expect(made).toMatchObject({ background: true, output: [], usage: null, completed_at: null })
    expect(await ended(openai, made.id)).toMatchObject({
      status: 'completed',
      output_text: 'Done.',
    })
  })

  test('cancels one, idempotently; a cancel of an ended synchronous response is refused', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const slow = await openai.responses.create({
      model,
      background: true,
      input: scripted({ text: 'Never.', delay: 20_000 }),
    })
    expect(await openai.responses.cancel(slow.id)).toMatchObject({
      status: 'cancelled',
      error: { code: 'invalid_prompt', message: 'cancelled: the turn was cancelled' },
    })
    expect(await openai.responses.cancel(slow.id)).toMatchObject({ status: 'cancelled' })

    const done = await openai.responses.create({ model, background: true, input: 'Hi' })
    await ended(openai, done.id)
    expect(await openai.responses.cancel(done.id)).toMatchObject({ status: 'completed' })

    const waitedFor = await openai.responses.create({ model, input: 'Hi' })
    expect(await failureOf(openai.responses.cancel(waitedFor.id))).toMatchObject({ status: 400 })

    // A synchronous response is cancelled, and its caller receives that as an error.
    const waiting = openai.responses.create({
      model,
      input: scripted({ delay: 20_000, text: 'No.' }),
    })
    const failure = failureOf(waiting)
    const id = await idOfLatest(cluster, agent)
    expect(await openai.responses.cancel(id)).toMatchObject({ status: 'cancelled' })
    expect(await failure).toMatchObject({ status: 400, code: 'invalid_prompt' })
  })

  test('streams one', async ({ openai, agent }) => {
    const stream = openai.responses.stream({
      model: `agent/${agent}`,
      input: scripted({ reasoning: ['Let ', 'me see.'], text: ['One ', 'two.'], chunkDelay: 60 }),
    })
    const events: ResponseStreamEvent[] = []
    for await (const event of stream) events.push(event)
    const final = await stream.finalResponse()
    expect(final).toMatchObject({ status: 'completed', output_text: 'One two.' })
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at))
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.reasoning_text.delta',
      'response.output_text.delta',
      'response.reasoning_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_text.done',
      'response.completed',
    ])
    const read = await openai.responses.retrieve(final.id)
    expect(withoutParsed(final)).toEqual(withoutParsed(read))
  })

  test('receives reasoning as a summary when it asks for one, in every view', async ({
    openai,
    agent,
  }) => {
    const request = {
      model: `agent/${agent}`,
      reasoning: { summary: 'auto' as const },
      input: scripted({ reasoning: ['Let ', 'me see.'], text: 'Yes.', chunkDelay: 60 }),
    }
    const thought = {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Let me see.' }],
      content: [{ type: 'reasoning_text', text: 'Let me see.' }],
    }
    const made = await openai.responses.create(request)
    expect(made.output[0]).toMatchObject(thought)
    const events = await all(openai.responses.create({ ...request, stream: true }))
    const first = events[0]
    if (first?.type !== 'response.created') throw new Error('a stream begins with its response')
    const summary = events.flatMap((event) =>
      event.type === 'response.reasoning_summary_text.delta' ? [event.delta] : [],
    )
    expect(summary.join('')).toBe('Let me see.')
    expect(summary.length).toBeGreaterThan(1)
    const { id } = first.response
    expect(await all(openai.responses.retrieve(id, { stream: true }))).toEqual(events)
    expect((await openai.responses.retrieve(id)).output[0]).toMatchObject(thought)
  })

  test('drops a stream in the middle of a text and resumes it', async ({ openai, agent }) => {
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      background: true,
      stream: true,
      input: scripted({ text: ['a', 'b', 'c', 'd', 'e', 'f'], chunkDelay: 60 }),
    })
    const seen: ResponseStreamEvent[] = []
    for await (const event of made) {
      seen.push(event)
      if (event.type === 'response.output_text.delta' && event.delta.endsWith('b')) break
    }
    const first = seen[0]
    if (first?.type !== 'response.created') throw new Error('a stream begins with its response')
    const last = seen.at(-1)?.sequence_number ?? -1
    const id = first.response.id
    const rest = await all(openai.responses.retrieve(id, { stream: true, starting_after: last }))
    const whole = await all(openai.responses.retrieve(id, { stream: true }))
    expect([...seen, ...rest]).toEqual(whole)
    expect(textIn(whole)).toBe('abcdef')
    // A response that was not created as a stream has a stream, too.
    const plain = await openai.responses.create({ model: `agent/${agent}`, input: 'Hi' })
    const told = await all(openai.responses.retrieve(plain.id, { stream: true }))
    expect(textIn(told)).toBe(plain.output_text)
    expect(
      await all(openai.responses.retrieve(plain.id, { stream: true, starting_after: 999 })),
    ).toEqual([])
  })

  test('runs functions in a loop', async ({ openai, agent, cluster }) => {
    const model = `agent/${agent}`
    const calls = [
      { id: 'call_1', name: 'get_weather', arguments: { city: 'Bern' } },
      { id: 'call_2', name: 'get_weather', arguments: { city: 'Rome' } },
    ]
    const first = await openai.responses.create({
      model,
      tools: [getWeather],
      tool_choice: 'auto',
      input: scripted({ text: 'I look.', calls }, { text: 'Bern 3, Rome 20.' }),
    })
    expect(first).toMatchObject({
      status: 'completed',
      tools: [getWeather],
      output: [
        { type: 'message' },
        {
          type: 'function_call',
          call_id: 'call_1',
          name: 'get_weather',
          arguments: '{"city":"Bern"}',
          status: 'completed',
        },
        { type: 'function_call', call_id: 'call_2' },
      ],
    })
    const missing = openai.responses.create({
      model,
      previous_response_id: first.id,
      tools: [getWeather],
      input: [{ type: 'function_call_output', call_id: 'call_1', output: '3' }],
    })
    expect(await failureOf(missing)).toMatchObject({ status: 400 })
    const second = await openai.responses.create({
      model,
      previous_response_id: first.id,
      tools: [getWeather],
      input: first.output
        .filter((item) => item.type === 'function_call')
        .map(({ call_id, arguments: given }) => ({
          type: 'function_call_output' as const,
          call_id,
          output: `weather of ${given}`,
        })),
    })
    expect(second).toMatchObject({
      output_text: 'Bern 3, Rome 20.',
      previous_response_id: first.id,
    })
    const asked = cluster.model.requests.at(-1)?.body.messages ?? []
    expect(asked.filter(({ role }) => role === 'tool').map(({ content }) => content)).toEqual([
      'weather of {"city":"Bern"}',
      'weather of {"city":"Rome"}',
    ])
  })

  test('sends the whole conversation each time, with nothing stored', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'developer', content: 'Speak softly.' },
      {
        role: 'user',
        content: scripted(
          {
            reasoning: 'Hm.',
            calls: [{ id: 'c1', name: 'get_weather', arguments: { city: 'X' } }],
          },
          { text: 'Cold.' },
        ),
      },
    ]
    const first = await openai.responses.create({ model, store: false, tools: [getWeather], input })
    expect(first).toMatchObject({ store: false })
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]))
    input.push({ type: 'function_call_output', call_id: 'c1', output: '1 degree' })
    const second = await openai.responses.create({
      model,
      store: false,
      tools: [getWeather],
      input,
    })
    expect(second.output_text).toBe('Cold.')
    input.push(...(second.output as OpenAI.Responses.ResponseInputItem[]))
    input.push({ role: 'user', content: 'Thanks' })
    const third = await openai.responses.create({ model, store: false, input })
    expect(third.output_text).toBe('You said: Thanks')
    const [system, ...said] = cluster.model.requests.at(-1)?.body.messages ?? []
    expect(system?.content).toMatch(/Be brief\.\n\nSpeak softly\.$/)
    expect(said.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
  })

  test('parses structured output', async ({ openai, agent, cluster }) => {
    const Event = z.object({ name: z.string(), day: z.number() })
    cluster.model.reply([{ text: '{"name":1}' }, { text: '{"name":"fair","day":3}' }])
    const parsed = await openai.responses.parse({
      model: `agent/${agent}`,
      input: 'When is the fair?',
      text: { format: zodTextFormat(Event, 'event') },
    })
    expect(parsed.output_parsed).toEqual({ name: 'fair', day: 3 })
    // The first answer did not have that form: it keeps its position, without its text.
    expect(parsed.output).toMatchObject([
      { type: 'message', status: 'incomplete', content: [] },
      { type: 'message', status: 'completed' },
    ])
    expect(cluster.model.requests.at(-1)?.body['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'event' },
    })
  })

  test('forks a conversation', async ({ openai, agent, cluster }) => {
    const model = `agent/${agent}`
    const root = await openai.responses.create({ model, input: 'I am Ada.' })
    const after = (id: string, input: string) =>
      openai.responses.create({ model, input, previous_response_id: id })
    const main = await after(root.id, 'Main')
    // One fork of an earlier response, and two at once of the latest.
    const side = await after(root.id, 'Side')
    const twins = await Promise.all([after(main.id, 'Left'), after(main.id, 'Right')])
    const next = await after(side.id, 'Further')
    const said = new Map(
      cluster.model.requests.map(({ body }) => {
        const texts = (body.messages ?? []).filter(({ role }) => role === 'user')
        return [texts.at(-1)?.content, texts.map(({ content }) => content)]
      }),
    )
    expect(said.get('Main')).toEqual(['I am Ada.', 'Main'])
    expect(said.get('Side')).toEqual(['I am Ada.', 'Side'])
    expect(said.get('Left')).toEqual(['I am Ada.', 'Main', 'Left'])
    expect(said.get('Right')).toEqual(['I am Ada.', 'Main', 'Right'])
    expect(said.get('Further')).toEqual(['I am Ada.', 'Side', 'Further'])
    // Copied messages are not input items of the request.
    const items = await openai.responses.inputItems.list(side.id)
    expect(items.data).toMatchObject([{ content: [{ text: 'Side' }] }])
    const ids = [root, main, side, ...twins, next].map(({ id }) => id)
    expect(new Set(ids).size).toBe(6)
    // A fork is a conversation of its own: it stays when the other one is deleted.
    await openai.responses.delete(root.id)
    await openai.responses.delete(main.id)
    expect(await after(side.id, 'Again')).toMatchObject({ status: 'completed' })
    expect(await failureOf(after(root.id, 'No'))).toEqual({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    })
  })

  test('continues a conversation, one response at a time', async ({ openai, agent, cluster }) => {
    const model = `agent/${agent}`
    const conversation = `talk-${agent}`
    const first = await openai.responses.create({ model, conversation, input: 'One' })
    expect(first.conversation).toEqual({ id: conversation })
    const slow = await openai.responses.create({
      model,
      conversation: { id: conversation },
      background: true,
      input: scripted({ delay: 1_000, text: 'Two' }),
    })
    const busy = openai.responses.create({ model, conversation, input: 'Three' })
    expect(await failureOf(busy)).toEqual({
      status: 400,
      code: 'conversation_locked',
      param: 'conversation',
    })
    const other = openai.responses.create({
      model: 'openai/scripted',
      conversation,
      input: 'Three',
    })
    expect(await failureOf(other)).toMatchObject({ code: 'conversation_locked' })
    await ended(openai, slow.id)
    await openai.responses.create({ model, conversation, input: 'Three' })
    const asked = cluster.model.requests.at(-1)?.body.messages ?? []
    expect(asked.filter(({ role }) => role === 'user')).toHaveLength(3)
    // Another agent continues the same conversation.
    const plain = await openai.responses.create({
      model: 'openai/scripted',
      conversation,
      input: 'Four',
    })
    expect(plain.output_text).toBe('You said: Four')
    const heard = cluster.model.requests.at(-1)?.body.messages ?? []
    expect(heard.filter(({ role }) => role === 'user')).toHaveLength(4)
    // Of many requests that begin one at once, one succeeds.
    const many = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        openai.responses.create({
          model,
          conversation: `new-${agent}`,
          background: true,
          input: scripted({ delay: 500, text: 'ok' }),
        }),
      ),
    )
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('deletes a response', async ({ openai, agent, cluster }) => {
    const model = `agent/${agent}`
    const first = await openai.responses.create({ model, input: 'One' })
    const second = await openai.responses.create({
      model,
      background: true,
      previous_response_id: first.id,
      input: scripted({ delay: 20_000, text: 'Never' }),
    })
    const path = `/v2/agents/${agent}/responses/${first.id.slice(5, 31)}`
    expect(await openai.responses.delete(first.id)).toMatchObject({ id: first.id, deleted: true })
    expect(await failureOf(openai.responses.retrieve(first.id))).toMatchObject({ status: 404 })
    expect(await openai.responses.retrieve(second.id)).toMatchObject({ id: second.id })
    expect((await cluster.call('GET', path)).status).toBe(200)
    // The deletion of the last one deletes everything, and stops a running turn.
    const third = await openai.responses.create({ model, input: 'Three' })
    const fourth = await openai.responses.create({
      model,
      previous_response_id: third.id,
      input: 'Four',
    })
    await openai.responses.delete(fourth.id)
    // No view shows it in place of the remaining one.
    const left = `/v2/agents/${agent}/responses`
    expect((await cluster.call('GET', `${left}/${third.id}`)).body).toMatchObject({ id: third.id })
    expect((await cluster.call('GET', `${left}/${third.id}?format=orq`)).status).toBe(404)
    const listed = (await cluster.call('GET', left)).body['data'] as Record<string, unknown>[]
    expect(listed.map((task) => task['_id'])).toEqual([second.id])

    await openai.responses.delete(second.id)
    expect(await failureOf(openai.responses.retrieve(second.id))).toMatchObject({ status: 404 })
    expect(await failureOf(openai.responses.delete(second.id))).toMatchObject({ status: 404 })
    expect((await cluster.call('GET', path)).status).toBe(404)
  })

  test('lists the input items of a request', async ({ openai, agent }) => {
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      input: [
        { role: 'system', content: 'Softly.' },
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Two' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Three' },
            { type: 'input_image', image_url: `data:image/png;base64,${pixel}`, detail: 'auto' },
          ],
        },
      ],
    })
    const page = await openai.responses.inputItems.list(made.id, { order: 'asc' })
    expect(page.data).toMatchObject([
      { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Softly.' }] },
      { role: 'user', content: [{ type: 'input_text', text: 'One' }] },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Two' }] },
      {
        role: 'user',
        content: [{ text: 'Three' }, { image_url: `data:image/png;base64,${pixel}` }],
      },
    ])
    const listed: unknown[] = []
    for await (const item of openai.responses.inputItems.list(made.id, { limit: 1 })) {
      listed.push(item)
    }
    expect(listed).toEqual(page.data.toReversed())
  })

  test('lists agents as models', async ({ openai, agent }) => {
    const { data } = await openai.models.list()
    expect(data).toContainEqual({
      id: `agent/${agent}`,
      object: 'model',
      created: expect.any(Number) as number,
      owned_by: 'longhaul',
    })
  })

  test('works with the URL of an agent as its base', async ({ agent, cluster }) => {
    const baseURL = `${cluster.url}/v2/agents/${agent}`
    const own = new OpenAI({ baseURL, apiKey: cluster.key, maxRetries: 0 })
    const made = await own.responses.create({ model: 'gpt-4o', input: 'Hi' })
    expect(made).toMatchObject({
      status: 'completed',
      output_text: 'You said: Hi',
      model: 'gpt-4o',
    })
    expect(await own.responses.retrieve(made.id)).toEqual(made)
    expect(textIn(await all(own.responses.retrieve(made.id, { stream: true })))).toBe(
      'You said: Hi',
    )
    expect((await own.responses.inputItems.list(made.id)).data).toHaveLength(1)
    const slow = await own.responses.create({
      background: true,
      previous_response_id: made.id,
      input: scripted({ delay: 20_000, text: 'Never' }),
    })
    expect(await own.responses.cancel(slow.id)).toMatchObject({ status: 'cancelled' })
    const streamed = await own.responses.create({ stream: true, input: 'Hi' })
    expect(textIn(await all(streamed))).toBe('You said: Hi')
    await own.responses.delete(slow.id)
    expect(await failureOf(own.responses.retrieve(slow.id))).toMatchObject({ status: 404 })
    const other = own.responses.create({ model: 'agent/other', input: 'Hi' })
    expect(await failureOf(other)).toMatchObject({ status: 400, param: 'model' })
  })

  test('has a model answer without an agent', async ({ openai, cluster }) => {
    const made = await openai.responses.create({
      model: 'openai/scripted',
      instructions: 'Answer in verse.',
      temperature: 0.5,
      input: 'Hi',
    })
    expect(made).toMatchObject({ output_text: 'You said: Hi', instructions: 'Answer in verse.' })
    const { body } = cluster.model.requests.at(-1) ?? {}
    expect(body).toMatchObject({
      temperature: 0.5,
      messages: [{ role: 'system', content: 'Answer in verse.' }, {}],
    })
    // Instructions of one request do not apply to the next.
    await openai.responses.create({
      model: 'openai/scripted',
      previous_response_id: made.id,
      input: 'Again',
    })
    const roles = (cluster.model.requests.at(-1)?.body.messages ?? []).map(({ role }) => role)
    expect(roles).toEqual(['user', 'assistant', 'user'])
    const follow = await openai.responses.retrieve(made.id)
    expect(follow.output_text).toBe('You said: Hi')
  })

  test('receives failures in its own error types', async ({ openai, agent }) => {
    const model = `agent/${agent}`
    expect(
      await failureOf(openai.responses.create({ model: 'agent/nobody', input: 'Hi' })),
    ).toEqual({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    })
    expect(
      await failureOf(openai.responses.create({ model: 'gpt-4o', input: 'Hi' })),
    ).toMatchObject({
      status: 400,
      code: 'model_not_found',
    })
    const inBackground = openai.responses.create({
      model,
      input: 'Hi',
      background: true,
      store: false,
    })
    expect(await failureOf(inBackground)).toMatchObject({ status: 400, param: 'store' })
    const deep = openai.responses.create({
      model,
      input: [
        { role: 'user', content: [{ type: 'input_image', image_url: 'ftp://x', detail: 'auto' }] },
      ],
    })
    expect(await failureOf(deep)).toMatchObject({ status: 400, param: 'input[0].content[0]' })
  })

  test('receives a failed turn as an error, whatever the form of its request', async ({
    openai,
    agent,
  }) => {
    const model = `agent/${agent}`
    const input = scripted({ status: 400, body: 'no' })
    const failure = {
      code: 'invalid_prompt',
      type: 'invalid_request_error',
      message: expect.stringContaining('provider_failed: ') as string,
      param: null,
    }
    const waited = await errorOf(openai.responses.create({ model, input }))
    expect(waited).toMatchObject({ status: 400, error: failure })

    const stream = openai.responses.stream({ model, input })
    expect(await errorOf(stream.finalResponse())).toMatchObject({
      error: { ...failure, type: 'error' },
    })
    const made = await openai.responses.create({ model, input, background: true })
    expect(await ended(openai, made.id)).toMatchObject({
      status: 'failed',
      error: failure,
      output: [],
    })

    const tooLong = { error: { code: 'context_length_exceeded', message: 'Too long.' } }
    const long = openai.responses.create({ model, input: scripted({ status: 400, body: tooLong }) })
    expect(await failureOf(long)).toEqual({
      status: 400,
      code: 'context_length_exceeded',
      param: 'input',
    })
  })

  test('that waits longer than a call may receives the response all the same', async ({
    agent,
    cluster,
  }) => {
    const api = await cluster.startApi({ LONGHAUL_SYNC_WAIT: '200ms' })
    // With the SDK's own retries.
    const patient = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: cluster.key })
    const create = (reply: ScriptedReply) =>
      patient.responses.create({ model: `agent/${agent}`, input: scripted(reply) }).withResponse()
    const before = cluster.model.requests.length
    const { data, response } = await create({ text: 'Done.', delay: 600 })
    expect(data).toMatchObject({ status: 'completed', output_text: 'Done.' })
    expect(response.headers.get('location')).toBe(`/v1/responses/${data.id}`)
    expect(cluster.model.requests.length).toBe(before + 1)
    const read = await patient.responses.retrieve(data.id)
    expect(read).toEqual(data)

    // The status is sent when such a turn fails.
    expect((await create({ status: 400, body: 'no', delay: 600 })).data).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_prompt', type: 'invalid_request_error' },
    })
    expect(cluster.model.requests.length).toBe(before + 2)
  })

  test('receives the reason of an incomplete answer', async ({ openai, agent, cluster }) => {
    const cut = await openai.responses.create({
      model: `agent/${agent}`,
      max_output_tokens: 20,
      input: scripted({ text: 'I was about to', finish: 'length' }),
    })
    expect(cut).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      completed_at: null,
      output: [{ type: 'message', status: 'incomplete' }],
      output_text: 'I was about to',
    })
    expect(cluster.model.requests.at(-1)?.body['max_completion_tokens']).toBe(20)
  })

  test('sees the calls of the server, up to its limit', async ({ openai, orq, cluster }) => {
    const settings = { tools: [{ type: 'current_date' as const }] }
    const { key } = await orq.agents.create({ ...newAgent(), settings })
    const calls = ['a', 'b', 'c'].map((id) => ({ id, name: 'current_date', arguments: {} }))
    const made = await openai.responses.create({
      model: `agent/${key}`,
      max_tool_calls: 2,
      input: scripted({ calls }, { text: 'It is late.' }),
    })
    expect(made.output_text).toBe('It is late.')
    const notMade = {
      type: 'mcp_tool_execution_error',
      content: [{ type: 'text', text: expect.stringContaining('not made') as string }],
    }
    expect(made.output).toMatchObject([
      { type: 'mcp_call', status: 'failed', output: null, error: notMade },
      { type: 'mcp_call', name: 'current_date', status: 'completed', error: null },
      { type: 'mcp_call', status: 'completed' },
      { type: 'message' },
    ])
    const stream = openai.responses.stream({
      model: `agent/${key}`,
      tools: [getWeather],
      input: scripted({
        calls: [...calls, { id: 'd', name: 'get_weather', arguments: { city: 'Bern' } }],
      }),
    })
    const final = await stream.finalResponse()
    expect(final.output.map(({ type }) => type)).toEqual([
      'mcp_call',
      'mcp_call',
      'mcp_call',
      'function_call',
    ])
    const clash = openai.responses.create({
      model: `agent/${key}`,
      tools: [{ ...getWeather, name: 'current_date' }],
      input: 'Hi',
    })
    expect(await failureOf(clash)).toMatchObject({ status: 400, param: 'tools[0].name' })
    expect(cluster.model.requests.at(-1)?.body['tools']).toHaveLength(2)
  })
})

/** The required fields of a response in the specification. */
const requiredKeys = [
  'id object created_at completed_at status incomplete_details model previous_response_id instructions',
  'output error tools tool_choice truncation parallel_tool_calls text top_p presence_penalty',
  'frequency_penalty top_logprobs temperature reasoning usage max_output_tokens max_tool_calls store',
  'background service_tier metadata safety_identifier prompt_cache_key',
].flatMap((line) => line.split(' '))

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

async function ended(openai: OpenAI, id: string): Promise<Response> {
  for (;;) {
    const response = await openai.responses.retrieve(id)
    if (response.status !== 'queued' && response.status !== 'in_progress') return response
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function failureOf(request: Promise<unknown>): Promise<Failure> {
  const { status, code, param } = await errorOf(request)
  return { status, code: String(code), param: String(param) }
}

async function errorOf(request: Promise<unknown>): Promise<APIError<number>> {
  const error = await request.then(
    () => new Error('it went well'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof APIError)) throw error
  return error as APIError<number>
}

async function all(
  stream: PromiseLike<AsyncIterable<ResponseStreamEvent>> | AsyncIterable<ResponseStreamEvent>,
): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = []
  for await (const event of await stream) events.push(event)
  return events
}

function textIn(events: ResponseStreamEvent[]): string {
  return events
    .map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''))
    .join('')
}

/** Removes the parsed values that the SDK adds to a response. */
function withoutParsed(response: object): unknown {
  return JSON.parse(
    JSON.stringify(response, (key, value: unknown) =>
      key === 'parsed' || key === 'output_parsed' || key === 'parsed_arguments' ? undefined : value,
    ),
  )
}

/** The id of the latest response of an agent's latest task, when it is there. */
async function idOfLatest(cluster: Cluster, agent: string): Promise<string> {
  for (;;) {
    const { body } = await cluster.call('GET', `/v2/agents/${agent}/responses?status=in_progress`)
    const [latest] = body['data'] as Record<string, string>[]
    if (latest !== undefined) return String(latest['_id'])
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
