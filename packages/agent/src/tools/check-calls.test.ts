import { contentCounts, createContentBudget } from '@longhaul/content'
import { limits, type PlanTool } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { checkCalls } from './check-calls.ts'

const lookUp: PlanTool = {
  kind: 'function',
  id: 't1',
  name: 'look_up',
  description: '',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
    required: ['city'],
  },
}
const ping: PlanTool = { ...lookUp, id: 't2', name: 'ping', parameters: {} }
const free: PlanTool = { ...lookUp, id: 't4', name: 'free', unchecked: true }

/** Each definition refers to the next one twice. */
const slow: PlanTool = {
  ...lookUp,
  id: 't3',
  name: 'slow',
  parameters: {
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries(
      Array.from({ length: 28 }, (_, i) => {
        const next = { $ref: `#/$defs/d${i + 1}` }
        return [`d${i}`, i === 27 ? { type: 'string' } : { allOf: [next, next] }]
      }),
    ),
  },
}

function check(...calls: [callId: string, name: string, text: string][]) {
  let minted = 0
  return checkCalls(
    calls.map(([callId, name, text]) => ({ callId, name, arguments: text })),
    {
      tools: [lookUp, ping, slow, free],
      taken: new Set(['old']),
      mintId: () => `minted_${++minted}`,
      budget: createContentBudget('w', { of: { milliseconds: limits.replyChecks } }),
    },
  )
}

test('calls whose checks take too long together are checked on a thread, and have a problem that the model reads', async () => {
  const { apart } = contentCounts
  const many = Array.from({ length: 60 }, (): [string, string, string] => ['', 'slow', '{}'])
  const calls = await check(...many, ['', 'ping', '{}'])
  for (const { problem } of calls) expect(problem).toMatch(/could not be checked/)
  expect(contentCounts.apart).toBe(apart + 1)
  expect((await check(['', 'ping', '{}']))[0]?.problem).toBeUndefined()
})

describe('the id of a call', () => {
  test('is the vendor’s id when that can be used', async () => {
    expect((await check(['call_A-1', 'ping', '{}']))[0]?.callId).toBe('call_A-1')
  })

  test.each(['', 'old', 'a b', 'ü', 'x'.repeat(65), 'a\n'])('%j is replaced', async (id) => {
    expect((await check([id, 'ping', '{}']))[0]?.callId).toBe('minted_1')
  })

  test('that repeats within a reply is replaced', async () => {
    const calls = await check(['c', 'ping', '{}'], ['c', 'ping', '{}'], ['', 'ping', '{}'])
    expect(calls.map(({ callId }) => callId)).toEqual(['c', 'minted_1', 'minted_2'])
  })
})

describe('the arguments of a call', () => {
  test('that match the schema have no problem', async () => {
    expect(await check(['c', 'look_up', '{"city":"Rome","days":2}'])).toEqual([
      { callId: 'c', name: 'look_up', arguments: '{"city":"Rome","days":2}' },
    ])
  })

  test.each(['', '  \n'])('that are blank (%j) are an empty object', async (text) => {
    expect(await check(['c', 'ping', text])).toEqual([
      { callId: 'c', name: 'ping', arguments: '{}' },
    ])
  })

  test.each([
    ['{"city":', 'the arguments of look_up are not a JSON object'],
    ['[]', 'the arguments of look_up are not a JSON object'],
    ['null', 'the arguments of look_up are not a JSON object'],
    ['"Rome"', 'the arguments of look_up are not a JSON object'],
    ['{}', "the arguments of look_up do not fit: must have required property 'city'"],
    ['', "the arguments of look_up do not fit: must have required property 'city'"],
    [
      '{"city":1,"days":0}',
      'the arguments of look_up do not fit: city must be string; days must be >= 1',
    ],
  ])('%s have a problem that the model can read', async (text, problem) => {
    expect((await check(['c', 'look_up', text]))[0]?.problem).toBe(problem)
  })

  test('are not checked when the client receives every call', async () => {
    const texts = ['{"city":', 'no JSON', '{"city":1}']
    const calls = await check(
      ...texts.map((text, at): [string, string, string] => [`c${at}`, 'free', text]),
      ['c3', 'look_up', '{}'],
    )
    expect(calls.map(({ arguments: text }) => text)).toEqual([...texts, '{}'])
    expect(calls.map(({ problem }) => problem)).toEqual([
      undefined,
      undefined,
      undefined,
      expect.stringMatching(/^the arguments of look_up do not fit/),
    ])
  })

  test('that are nested too deeply have a problem', async () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect((await check(['c', 'ping', deep]))[0]?.problem).toMatch(/nested deeper/)
  })
})

test('the problem of a call of an unknown tool names the known tools', async () => {
  expect((await check(['c', 'fly', '{}']))[0]?.problem).toBe(
    'there is no tool "fly"; there are: look_up, ping, slow, free',
  )
})

test('of too many calls only the first are made, and the others have a problem that says so', async () => {
  const many = Array.from({ length: limits.callsPerReply + 2 }, (_, at) => `c${at}`)
  const calls = await check(...many.map((id): [string, string, string] => [id, 'ping', '{}']))
  expect(calls.map(({ callId }) => callId)).toEqual(many)
  expect(calls.filter(({ notMade }) => notMade === undefined)).toHaveLength(limits.callsPerReply)
  expect(calls.at(-2)).toEqual({
    callId: `c${limits.callsPerReply}`,
    name: 'ping',
    arguments: '{}',
    notMade: 'not made: of one reply, the first 128 calls are made',
  })
})
