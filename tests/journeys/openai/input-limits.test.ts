import { limits } from '@longhaul/core'
import type { ResponseInputItem } from 'openai/resources/responses/responses'
import { expect } from 'vitest'
import { failureOf } from '../../support/openai-failure.ts'
import { test } from '../../support/openai-test.ts'

const items = (length: number): ResponseInputItem[] =>
  Array.from({ length }, () => ({ role: 'user', content: 'x' }))

const named = (count: number) =>
  Array.from({ length: count }, (_, at): ResponseInputItem => {
    return { type: 'item_reference', id: `msg_01M82QZJR70EW6M8MCWTHC95Q0_${at + 1}_0` }
  })

test('an input may have as many items as the limit says, and the refusal of more states the limit', async ({
  openai,
  agent,
}) => {
  const create = (input: unknown) =>
    openai.responses.create({ model: `agent/${agent}`, input: input as ResponseInputItem[] })
  expect(limits.items).toBe(10_000)
  expect(await create(items(limits.items))).toMatchObject({ status: 'completed' })
  const refusals: [unknown, string][] = [
    [items(limits.items + 1), 'input: has too many items: the limit is 10000'],
    [undefined, 'input: is required'],
    [null, 'input: is required'],
    [[], 'input: is empty'],
    [7, 'input: must be a text or a list of items'],
    [[{ role: 'user', content: 7 }], 'input[0].content'],
    [[{ role: 'nobody', content: 'x' }], 'input[0].role'],
    [['x'], 'input[0]'],
    [[{}], 'input[0].type: must be an item with a type, a role or an id'],
    [[{ type: 'function_call', name: 'f', arguments: '' }], 'input[0].call_id: is required'],
  ]
  for (const [input, message] of refusals) {
    const failure = await failureOf(create(input))
    expect(failure).toMatchObject({ status: 400, param: message.split(':')[0] })
    expect(failure.message).toContain(message)
  }
})

test('a request may name items of a limited number of responses', async ({ openai, agent }) => {
  const create = (input: ResponseInputItem[]) =>
    failureOf(openai.responses.create({ model: `agent/${agent}`, input }))
  const { responses } = limits.itemRefs
  expect(await create(named(responses))).toMatchObject({ status: 404, param: 'input[0].id' })
  const tooMany = await create(named(responses + 1))
  expect(tooMany).toMatchObject({ status: 400, param: `input[${responses}].id` })
  expect(tooMany.message).toContain(String(responses))
})
