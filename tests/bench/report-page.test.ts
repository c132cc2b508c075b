import { expect, test } from 'vitest'
import { figuresOf } from './report-page.ts'

test('the page has the figures of each bench, and names those that were not measured', () => {
  const ratio = { median: 1.234, least: 0.9, most: 1.5 }
  const row = { what: 'runs a second', ours: 1_234.5, reference: 1_000, ratio }
  const report = {
    at: '2026-01-31T10:00:00.000Z',
    machine: { node: 'v24.1.0', redis: '7.0.15', cores: 2, processor: 'X', memory: 8 * 2 ** 30 },
    rows: [{ ...row, goal: { reach: 0.9, aim: 1.3 } }, row],
    notes: ['a note'],
  }
  const text = figuresOf([
    { name: 'sync', report },
    { name: 'turn', report: undefined },
  ])
  expect(text.split('\n')).toEqual([
    'Measured on 2026-01-31: 2 cores (X), 8 GB, Node 24.1.0, Redis 7.0.15.',
    '',
    expect.stringMatching(/^\| bench /),
    expect.stringMatching(/^\| --- /),
    '| `sync` | runs a second | 1,235 | 1,000 | 1.23 | 0.90 – 1.50 | 0.9 | 1.3 |',
    '| `sync` | runs a second | 1,235 | 1,000 | 1.23 | 0.90 – 1.50 |  |  |',
    '| `turn` | not measured | | | | | | |',
    '',
    '- `sync`: a note',
  ])
})
