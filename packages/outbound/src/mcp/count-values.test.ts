import { expect, test } from 'vitest'
import { createValueCounter } from './count-values.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['{"a":[1,2,{}]}', 5],
  [String.raw`{"a,[{":"\\","b\"[,":"[[["}`, 2],
  ['event: message\ndata: [[],[]]\n\n', 4],
  [':"\ndata: [1,2]', 2],
  [':"\rdata: [1,2]', 2],
])('%s has about %i', (text, values) => {
  expect(createValueCounter()(bytes(text))).toBe(values)
})

test('a reply in pieces is counted as a whole', () => {
  const count = createValueCounter()
  const text = String.raw`{"a\",":[1,2]}`
  expect(
    text
      .split('')
      .map((each) => count(bytes(each)))
      .at(-1),
  ).toBe(createValueCounter()(bytes(text)))
})
