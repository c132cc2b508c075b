import type { Response, ResponseInputItem } from 'openai/resources/responses/responses'
import { describe, expect } from 'vitest'
import { failureOf } from '../../support/openai-failure.ts'
import { getWeather, scripted, test } from '../../support/openai-test.ts'
import { lastMessages } from '../../support/vendor-messages.ts'

const user = (content: string): ResponseInputItem => ({ role: 'user', content })
const result = (call_id: string, output: string): ResponseInputItem => {
  return { type: 'function_call_output', call_id, output }
}
const itemsOf = ({ output }: Response) => output as ResponseInputItem[]
const calls = ['c1', 'c2'].map((id) => {
  return { id, name: 'get_weather', arguments: { city: id } }
})
const script = scripted({ text: 'I look.', calls }, { text: 'Cold.' })
const tools = [getWeather]
const first = [
  ['user', script],
  ['assistant', 'I look.', 'c1 {"city":"c1"}', 'c2 {"city":"c2"}'],
  ['tool', '3'],
  ['tool', '20'],
]

describe('outputs of calls', () => {
  test('stand at any position, in a history or after a response', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const asked = await openai.responses.create({ model, tools, input: script })
    const [text, c1, c2] = itemsOf(asked) as [
      ResponseInputItem,
      ResponseInputItem,
      ResponseInputItem,
    ]
    const note = user('Quickly!')
    const mixed = [
      [user(script), text, c1, result('c1', '3'), c2, note, result('c2', '20')],
      [user(script), result('c2', '20'), text, c1, c2, note, result('c1', '3')],
    ]
    for (const input of mixed) {
      await openai.responses.create({ model, tools, input })
      const all = lastMessages(cluster.model.requests)
      expect(all.map(([role]) => role).filter((role) => role === 'tool')).toHaveLength(2)
      expect(all.at(-1)).toEqual(['user', 'Quickly!'])
      expect(JSON.stringify(all)).not.toContain('not run')
    }
    await openai.responses.create({
      model,
      tools,
      previous_response_id: asked.id,
      input: [note, result('c2', '20'), result('c1', '3')],
    })
    expect(lastMessages(cluster.model.requests)).toEqual([...first, ['user', 'Quickly!']])
  })

  test('are refused if no call has their id', async ({ openai, agent }) => {
    const model = `agent/${agent}`
    const asked = await openai.responses.create({ model, tools, input: script })
    const refused = openai.responses.create({
      model,
      previous_response_id: asked.id,
      input: [result('c1', '3'), result('c2', '20'), result('c9', '4')],
    })
    expect(await failureOf(refused)).toMatchObject({ status: 400, param: 'input[2].call_id' })
  })
})

describe.each(['previous_response_id', 'conversation'] as const)(
  'items that the conversation of %s contains are left out:',
  (field) => {
    const repeats: [string, (asked: Response) => ResponseInputItem[]][] = [
      ['the calls', (asked) => itemsOf(asked)],
      ['the calls without ids', (asked) => itemsOf(asked).map(withoutId)],
      ['the message before the outputs', () => [user(script)]],
      ['the whole conversation', (asked) => [user(script), ...itemsOf(asked)]],
      ['the whole conversation without ids', (a) => [user(script), ...itemsOf(a).map(withoutId)]],
    ]
    test.for(repeats)('%s', async ([, repeat], { openai, agent, cluster }) => {
      const model = `agent/${agent}`
      const conversation = `talk-${crypto.randomUUID()}`
      const begin = field === 'conversation' ? { conversation } : {}
      const asked = await openai.responses.create({ model, tools, input: script, ...begin })
      const after = (response: Response) =>
        field === 'conversation' ? begin : { previous_response_id: response.id }
      const results = [result('c1', '3'), result('c2', '20')]
      const second = await openai.responses.create({
        model,
        tools,
        ...after(asked),
        input: [...repeat(asked), ...results],
      })
      expect(lastMessages(cluster.model.requests)).toEqual(first)
      const third = await openai.responses.create({
        model,
        tools,
        ...after(second),
        input: [...repeat(asked), ...results, ...itemsOf(second), user('Thanks')],
      })
      expect(third.output_text).toBe('You said: Thanks')
      expect(lastMessages(cluster.model.requests)).toEqual([
        ...first,
        ['assistant', 'Cold.'],
        ['user', 'Thanks'],
      ])
    })

    test('a message that a client repeats by itself is new', async ({ openai, agent, cluster }) => {
      const model = `agent/${agent}`
      const begin = field === 'conversation' ? { conversation: `yes-${agent}` } : {}
      const yes = { model, input: [user('Yes')] }
      const made = await openai.responses.create({ ...yes, ...begin })
      const again = field === 'conversation' ? begin : { previous_response_id: made.id }
      await openai.responses.create({ ...yes, ...again })
      expect(lastMessages(cluster.model.requests).map(([, text]) => text)).toEqual([
        'Yes',
        'You said: Yes',
        'Yes',
      ])
    })
  },
)

test('messages of a history are left out where they repeat a conversation from its beginning', async ({
  openai,
  agent,
  cluster,
}) => {
  const model = `agent/${agent}`
  const conversation = `history-${agent}`
  const create = (...input: ResponseInputItem[]) =>
    openai.responses.create({ model, conversation, input })
  const system: ResponseInputItem = { role: 'developer', content: 'Speak softly.' }
  await create(system, user('One'))
  await create(system, user('One'), user('Two'))
  const answer: ResponseInputItem = { role: 'assistant', content: 'You said: Two' }
  await create(system, user('One'), user('Two'), answer, user('Three'))
  const [instructions] = cluster.model.requests.at(-1)?.body.messages ?? []
  expect(String(instructions?.content).split('Speak softly.')).toHaveLength(2)
  expect(lastMessages(cluster.model.requests).map(([, text]) => text)).toEqual([
    'One',
    'You said: One',
    'Two',
    'You said: Two',
    'Three',
  ])
})

test('an input that ends with an answer of the model is continued', async ({
  openai,
  agent,
  cluster,
}) => {
  const model = `agent/${agent}`
  const made = await openai.responses.create({
    model,
    input: [user('Count to four.'), { role: 'assistant', content: 'One, two' }],
  })
  expect(made.status).toBe('completed')
  expect(lastMessages(cluster.model.requests)).toEqual([
    ['user', 'Count to four.'],
    ['assistant', 'One, two'],
    ['user', 'Continue.'],
  ])
  const { data } = await openai.responses.inputItems.list(made.id, { order: 'asc' })
  expect(data).toMatchObject([{ role: 'user' }, { role: 'assistant' }])
})

function withoutId(item: ResponseInputItem): ResponseInputItem {
  const { id: _, ...rest } = item as { id?: string }
  return rest as ResponseInputItem
}
