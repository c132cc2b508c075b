import { expect, test } from 'vitest'
import { isFairnessKey } from './fairness-key.ts'
import { shardOf } from '../lib/ids.ts'
import { shardOfWorkspace, taskIdOfWorkspace } from './workspace-shard.ts'

test('a workspace always has the same shard, and workspaces use all shards', () => {
  const shards = Array.from({ length: 400 }, (_, at) => shardOfWorkspace(`workspace-${at}`, 8))
  expect(shards).toEqual(shards.map((_, at) => shardOfWorkspace(`workspace-${at}`, 8)))
  for (let shard = 0; shard < 8; shard += 1) {
    expect(shards.filter((found) => found === shard).length).toBeGreaterThan(20)
  }
  expect(shardOfWorkspace('any', 1)).toBe(0)
  expect(shardOfWorkspace('any', 1_000)).toBeLessThan(32)
})

test('new tasks of a workspace that is spread use its shards evenly, and no others', () => {
  const first = shardOfWorkspace('large', 8)
  const counts = new Map<number, number>()
  for (let at = 0; at < 3_000; at += 1) {
    const ulid = `01K0000000${at
      .toString(32)
      .toUpperCase()
      .replaceAll(/[ILOU]/g, 'Z')
      .padStart(16, '0')}`
    const taskId = taskIdOfWorkspace(ulid, 'large', { shards: 8, spread: 3 })
    counts.set(shardOf(taskId), (counts.get(shardOf(taskId)) ?? 0) + 1)
  }
  expect(new Set(counts.keys())).toEqual(new Set([first, (first + 1) % 8, (first + 2) % 8]))
  for (const count of counts.values()) expect(count).toBeGreaterThan(800)
  const alone = taskIdOfWorkspace('01K00000000000000000000007', 'large', { shards: 1, spread: 3 })
  expect(shardOf(alone)).toBe(0)
})

test('a fairness key has at most 64 bytes', () => {
  expect(isFairnessKey('x'.repeat(64))).toBe(true)
  expect(isFairnessKey('é'.repeat(33))).toBe(false)
  expect(isFairnessKey('')).toBe(false)
})
