import { expect, test } from 'vitest'
import { isFairnessKey } from './fairness-key.ts'
import { shardOfWorkspace } from './workspace-shard.ts'

test('a workspace always has the same shard, and workspaces use all shards', () => {
  const shards = Array.from({ length: 400 }, (_, at) => shardOfWorkspace(`workspace-${at}`, 8))
  expect(shards).toEqual(shards.map((_, at) => shardOfWorkspace(`workspace-${at}`, 8)))
  for (let shard = 0; shard < 8; shard += 1) {
    expect(shards.filter((found) => found === shard).length).toBeGreaterThan(20)
  }
  expect(shardOfWorkspace('any', 1)).toBe(0)
  expect(shardOfWorkspace('any', 1_000)).toBeLessThan(32)
})

test('a fairness key has at most 64 bytes', () => {
  expect(isFairnessKey('x'.repeat(64))).toBe(true)
  expect(isFairnessKey('é'.repeat(33))).toBe(false)
  expect(isFairnessKey('')).toBe(false)
})
