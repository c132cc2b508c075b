import { expect, test } from 'vitest'
import { type Holdings, overMemory } from './over-memory.ts'

const bounds = { call: 100, total: 250 }

/** Calls as texts: a workspace, and the bytes that its call holds. */
function holdings(calls: string[]): Holdings {
  return new Map(
    calls.map((text, id) => [id, { workspace: text.charAt(0), bytes: Number(text.slice(1)) }]),
  )
}

test.for<[string, string[], string[], [number, string][]]>([
  ['within both bounds nothing is stopped', ['a100', 'b100', 'b50'], ['a100', 'b100', 'b50'], []],
  ['a call that exceeds its bound for a moment runs on', ['a101'], ['a100'], []],
  ['a call that is new in this sample runs on', ['a101'], [], []],
  ['a call that exceeds its bound twice is stopped', ['a101', 'b2'], ['a101', 'b2'], [[0, 'call']]],
  ['a call that exceeds its bound by far is stopped at once', ['a201'], [], [[0, 'call']]],
  [
    'of too many calls the largest is stopped',
    ['a80', 'a90', 'a85'],
    ['a80', 'a90', 'a85'],
    [[1, 'total']],
  ],
  [
    'it is one of the workspace that holds the most',
    ['a80', 'b99', 'a85'],
    ['a80', 'b99', 'a85'],
    [[2, 'total']],
  ],
  [
    'calls that exceed the total for a moment run on',
    ['a80', 'b90', 'c85'],
    ['a80', 'b80', 'c80'],
    [],
  ],
  [
    'the memory that a stopped call frees is counted before another one is stopped',
    ['a201', 'b90', 'c90', 'd60'],
    ['a201', 'b90', 'c90', 'd60'],
    [[0, 'call']],
  ],
])('%s', ([, now, before, expected]) => {
  const stopped = overMemory(holdings(now), { before: holdings(before), bounds })
  expect([...stopped]).toEqual(expected)
})
