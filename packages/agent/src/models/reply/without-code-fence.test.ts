import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { volume } from '@longhaul/testbed'
import type { ProviderEvent } from '../provider.ts'
import { withoutCodeFence } from './without-code-fence.ts'

async function* eventsOf(texts: ProviderEvent[]): AsyncGenerator<ProviderEvent> {
  yield* texts
  yield { type: 'end', reason: 'stop' }
}

const text = (piece: string): ProviderEvent => ({ type: 'text', text: piece })

async function read(events: ProviderEvent[]): Promise<ProviderEvent[]> {
  const all: ProviderEvent[] = []
  for await (const event of withoutCodeFence(eventsOf(events))) all.push(event)
  expect(all.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  return all.slice(0, -1).filter(({ type }) => type !== 'ping')
}

async function textFrom(events: ProviderEvent[]): Promise<string> {
  return (await read(events)).map((event) => (event.type === 'text' ? event.text : '')).join('')
}

/** A text in pieces of any lengths. */
function piecesOf(whole: string): fc.Arbitrary<string[]> {
  return fc.array(fc.nat(whole.length)).map((cuts) => {
    const sorted = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
    return sorted.slice(1).map((end, at) => whole.slice(sorted[at], end))
  })
}

const pretty = '{\n  "code": "```js\\n1\\n```"\n}'

describe('of an answer in any pieces', () => {
  test.each([
    ['```json\n{"a":1}\n```', '{"a":1}'],
    ['\n```json\r\n{"a":1}\r\n```\n\n', '{"a":1}'],
    ['```\n[1]\n```', '[1]'],
    ['```JSON5\n{"a":1}\n```', '{"a":1}'],
    ['```json {"a":1}```', '{"a":1}'],
    [`\`\`\`json\n${pretty}\n\`\`\``, pretty],
    ['```json\n{"a":', '{"a":'],
    ['```json\n{"a":1}\n```\nThat is it.', '{"a":1}\n```\nThat is it.'],
    ['{"a":1}', '{"a":1}'],
    [' {"a":1}\n', ' {"a":1}\n'],
    [pretty, pretty],
    ['```python\nprint(1)\n```', '```python\nprint(1)\n```'],
    ['```json\nhere\n```', '```json\nhere\n```'],
    ['Here:\n```json\n{"a":1}\n```', 'Here:\n```json\n{"a":1}\n```'],
    ['```', '```'],
    ['', ''],
    [' '.repeat(10_000), ' '.repeat(10_000)],
    [`{"a":1}${'\n'.repeat(10_000)}`, `{"a":1}${'\n'.repeat(10_000)}`],
    [`{"a":"${'`'.repeat(500)}"}`, `{"a":"${'`'.repeat(500)}"}`],
  ])('%j, what is left is %j', async (whole, expected) => {
    await fc.assert(
      fc.asyncProperty(piecesOf(whole), async (pieces) => {
        expect(await textFrom(pieces.map(text))).toBe(expected)
      }),
      { numRuns: volume({ short: 20, long: 500 }) },
    )
  })
})

test('only a few characters are held back', async () => {
  let received = ''
  let sent = ''
  async function* answer(): AsyncGenerator<ProviderEvent> {
    for (const piece of ['```json\n', '{"a":"', ...Array(200).fill('word \n'), '"}']) {
      sent += piece
      yield text(piece)
      expect(sent.length - received.length).toBeLessThanOrEqual(64)
    }
  }
  for await (const event of withoutCodeFence(answer())) {
    if (event.type === 'text') received += event.text
  }
  expect(sent).toBe(`\`\`\`json\n${received}`)
})

test('data that a vendor needs back stays with its text', async () => {
  const vendor = { google: { thoughtSignature: 'sig' } }
  const end: ProviderEvent = { type: 'text', text: '\n```', vendor }
  expect(await read([text('```json\n{}'), end])).toEqual([
    text('{}'),
    { type: 'text', text: '', vendor },
  ])
})

test('a refusal and reasoning stay as they are, in their order', async () => {
  const thought: ProviderEvent = { type: 'reasoning', text: '```json\n{' }
  const refusal: ProviderEvent = { type: 'text', text: '```json\n{}', refusal: true }
  expect(await read([text('\n'), thought, text('```json\n{}\n'), refusal])).toEqual([
    text('\n'),
    thought,
    text('{}'),
    text('\n'),
    refusal,
  ])
})
