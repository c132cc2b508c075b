import type OpenAI from 'openai'
import type { ResponseInputItem } from 'openai/resources/responses/responses'
import { describe, expect } from 'vitest'
import { failureOf } from '../../support/openai-failure.ts'
import { newAgent } from '../../support/new-agent.ts'
import { getWeather, scripted, test } from '../../support/openai-test.ts'
import { lastMessages } from '../../support/vendor-messages.ts'

const ref = (id: string | undefined): ResponseInputItem => ({
  type: 'item_reference',
  id: id ?? '',
})
const bare = (id: string | undefined): ResponseInputItem => ({ id: id ?? '' })
const user = (content: string): ResponseInputItem => ({ role: 'user', content })
const result = (call_id: string, output: string): ResponseInputItem => {
  return { type: 'function_call_output', call_id, output }
}

const script = scripted(
  {
    reasoning: 'Hm.',
    text: 'I look.',
    calls: [
      { id: 'c1', name: 'get_weather', arguments: { city: 'Bern' } },
      { id: 'c2', name: 'get_weather', arguments: { city: 'Rome' } },
    ],
  },
  { text: 'Cold and warm.' },
)

/** A response with reasoning, a text and two calls. */
async function asked(openai: OpenAI, model: string, more: object = {}) {
  const input = [user(script)]
  return await openai.responses.create({ model, tools: [getWeather], input, ...more })
}

describe('an item that comes back as its id', () => {
  test('has its content in a new conversation, mixed with whole items', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const first = await asked(openai, model)
    expect(first.output.map(({ type }) => type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ])
    const [rs, msg, c1, c2] = first.output.map(({ id }) => id)
    for (const id of [rs, msg, c1, c2]) expect(id).toMatch(/^[a-z]+_[0-9A-Z]{26}_1_\d$/)
    const { data } = await openai.responses.inputItems.list(first.id)
    expect(data[0]?.id).toMatch(/^msg_[0-9A-Z]{26}_1_i0$/)
    const second = await openai.responses.create({
      model,
      tools: [getWeather],
      // The question by its id, too; the second call is whole.
      input: [
        bare(data[0]?.id),
        ref(rs),
        bare(msg),
        // An item that is named twice counts once.
        first.output[1] as ResponseInputItem,
        ref(msg),
        ref(c1),
        first.output[3] as ResponseInputItem,
        result('c1', '3'),
        result('c2', '20'),
      ],
    })
    expect(second.output_text).toBe('Cold and warm.')
    expect(lastMessages(cluster.model.requests)).toEqual([
      ['user', script],
      ['assistant', 'I look.', 'c1 {"city":"Bern"}', 'c2 {"city":"Rome"}'],
      ['tool', '3'],
      ['tool', '20'],
    ])
    // Items of several responses, of which one was made of such items.
    const third = await openai.responses.create({
      model,
      input: [
        user(script),
        ...first.output.map(({ id }) => ref(id)),
        result('c1', '3'),
        result('c2', '20'),
        ref(second.output[0]?.id),
        user('Thanks'),
      ],
    })
    expect(third.output_text).toBe('You said: Thanks')
    expect(lastMessages(cluster.model.requests).map(([role]) => role)).toEqual(
      'user assistant tool tool assistant user'.split(' '),
    )
    const listed = await openai.responses.inputItems.list(third.id, { order: 'asc' })
    expect(listed.data.map(({ type }) => type)).toEqual([
      'message',
      'reasoning',
      'message',
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
      'message',
      'message',
    ])
  })

  test('is left out where the conversation contains it, also in a fork', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const root = await openai.responses.create({ model, input: 'I am Ada.' })
    const after = (previous: string, input: ResponseInputItem[]) =>
      openai.responses.create({ model, previous_response_id: previous, input })
    const main = await after(root.id, [ref(root.output[0]?.id), user('Main')])
    const side = await after(root.id, [...(root.output as ResponseInputItem[]), user('Side')])
    // The conversation forks from `root`, so it does not contain the answer of `main`.
    await after(side.id, [
      user('I am Ada.'),
      ref(root.output[0]?.id),
      ref(side.output[0]?.id),
      ref(main.output[0]?.id),
      user('Further'),
    ])
    expect(textsOf(cluster.model.requests)).toEqual([
      'I am Ada.',
      'You said: I am Ada.',
      'Side',
      'You said: SideYou said: Main',
      'Further',
    ])
    const nothing = after(side.id, [ref(root.output[0]?.id)])
    expect(await failureOf(nothing)).toMatchObject({ status: 400, param: 'input' })
  })

  test('may be a call that the server made, with its result', async ({ openai, orq, cluster }) => {
    const settings = { tools: [{ type: 'current_date' as const }] }
    const { key } = await orq.agents.create({ ...newAgent(), settings })
    const model = `agent/${key}`
    const calls = [{ id: 'd1', name: 'current_date', arguments: {} }]
    const input = [user(scripted({ calls }, { text: 'It is late.' }))]
    const first = await openai.responses.create({ model, input })
    const second = await openai.responses.create({
      model,
      input: [...input, ...first.output.map(({ id }) => ref(id)), user('Thanks')],
    })
    expect(second.output_text).toBe('You said: Thanks')
    const messages = lastMessages(cluster.model.requests)
    expect(messages.map(([role]) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
    ])
    expect(messages[2]?.[1]).toContain('20')
  })

  test.for([
    ['anthropic/claude-sonnet-4-5', ['sig-of-the-thought', 'hidden']],
    ['google/gemini-3-pro', ['sig-of-the-call']],
  ] as const)(
    'has the signed content that %s expects again',
    async ([id, signatures], { openai, orq, cluster }) => {
      const parameters = { thinking: { type: 'enabled' as const, budgetTokens: 1_024 } }
      const { key } = await orq.agents.create({ ...newAgent(), model: { id, parameters } })
      const call = { id: 'c1', name: 'get_weather', arguments: { city: 'Bern' } }
      const signed = [{ ...call, signature: 'sig-of-the-call' }]
      const thought = { reasoning: 'Hm.', signature: 'sig-of-the-thought', redacted: 'hidden' }
      const input = [user(scripted({ ...thought, calls: signed }, { text: 'Cold.' }))]
      const model = `agent/${key}`
      const first = await openai.responses.create({ model, tools: [getWeather], input })
      const items = first.output.map((item) => ref(item.id))
      // Some clients send calls whole, without their ids, and their arguments in another form.
      const whole: ResponseInputItem[] = first.output.map((item) => {
        if (item.type !== 'function_call') return ref(item.id)
        const { type, call_id, name } = item
        return { type, call_id, name, arguments: '{ "city": "Bern" }' }
      })
      for (const sent of [items, whole]) {
        await openai.responses.create({
          model,
          tools: [getWeather],
          input: [...input, ...sent, result('c1', '3')],
        })
        const body = JSON.stringify(cluster.model.requests.at(-1)?.body)
        const expected = sent === items ? signatures : signatures.filter((one) => one !== 'hidden')
        for (const signature of expected) expect(body).toContain(`"${signature}"`)
      }
    },
  )

  test('is refused with its name if it is unknown, deleted or of another workspace', async ({
    openai,
    agent,
  }) => {
    const model = `agent/${agent}`
    const made = await openai.responses.create({ model, input: 'Hi' })
    const id = made.output[0]?.id ?? ''
    await openai.responses.delete(made.id)
    // The conversation of a deleted response may go on.
    const first = await openai.responses.create({ model, input: 'One' })
    const previous_response_id = first.id
    const next = await openai.responses.create({ model, previous_response_id, input: 'Two' })
    const hidden = first.output[0]?.id ?? ''
    await openai.responses.delete(first.id)
    const within = { model, previous_response_id: next.id, input: [ref(hidden), user('b')] }
    expect(await failureOf(openai.responses.create(within))).toMatchObject({
      status: 404,
      param: 'input[0].id',
    })
    const unknown = [
      id,
      hidden,
      id.replace('msg_', 'rs_'),
      'msg_67c9a1d2e4f08190a3c1',
      `${id}0`,
      `${id.slice(0, -4)}_9_0`,
      `msg_${'7'.repeat(26)}_1_0`,
    ]
    for (const named of unknown) {
      for (const item of [ref(named), bare(named)]) {
        const refused = openai.responses.create({ model, input: [user('a'), item, user('b')] })
        const error = await failureOf(refused)
        expect(error).toMatchObject({ status: 404, code: 'not_found', param: 'input[1].id' })
        expect(error.message).toContain(named)
      }
    }
  })
})

function textsOf(requests: Parameters<typeof lastMessages>[0]): unknown[] {
  return lastMessages(requests).map(([, text]) => text)
}
