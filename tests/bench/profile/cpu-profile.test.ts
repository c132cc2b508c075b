import { expect, test } from 'vitest'
import { timesByPackage } from './cpu-profile.ts'

const frames = [
  ['(root)', ''],
  ['fold', 'file:///somewhere/packages/core/src/turn/fold.ts'],
  ['claim', 'file:///somewhere/apps/worker/src/turn/claim-turn.ts'],
  ['add', 'file:///x/node_modules/.pnpm/bullmq@5.0.0/node_modules/bullmq/dist/queue.js'],
  ['parse', 'file:///x/node_modules/@scope/parser/index.js'],
  ['pipe', 'node:internal/webstreams/readablestream'],
  ['(garbage collector)', ''],
  ['(idle)', ''],
] as const

test('times are added up by package, and idle time does not count', () => {
  const nodes = frames.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } }))
  const samples = [1, 1, 7, 2, 3, 4, 5, 6, 1]
  const timeDeltas = [0, 10, 20, 1_000, 30, 40, 50, 60, 70]
  expect(timesByPackage({ nodes, samples, timeDeltas })).toEqual([
    ['garbage collection', 70],
    ['node:internal/webstreams', 60],
    ['@scope/parser', 50],
    ['bullmq', 40],
    ['packages/core', 30],
    ['apps/worker', 30],
  ])
})
