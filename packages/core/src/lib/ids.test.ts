import { expect, test } from 'vitest'
import {
  isUlid,
  itemId,
  jobId,
  maxShards,
  parseItemId,
  parseResponseId,
  responseId,
  shardOf,
  stepKey,
  taskIdInShard,
  timeOf,
  ulidsFrom,
} from './ids.ts'

const ulid = '01M82QZJR70EW6M8MCWTHC95Q0'

test('a task’s id names its shard and keeps its time', () => {
  for (let shard = 0; shard < maxShards; shard += 1) {
    const id = taskIdInShard(ulid, shard)
    expect(shardOf(id)).toBe(shard)
    expect(isUlid(id)).toBe(true)
    expect(id.slice(0, 10)).toBe(ulid.slice(0, 10))
  }
})

test.each([1, 9_999, 10_000, 123_456])('turn %i can be read from its response id', (turn) => {
  expect(parseResponseId(responseId(ulid, turn))).toEqual({ taskId: ulid, turn })
})

test('ids contain the ids of what they belong to', () => {
  expect(responseId(ulid, 1)).toBe(`resp_${ulid}0001`)
  expect(jobId(ulid, 2)).toBe(`resp_${ulid}0002.1`)
  expect(stepKey(ulid, 2, 3)).toBe(`resp_${ulid}0002.3`)
})

test.each([
  [`msg_${ulid}_1_0`, { turn: 1, side: 'output' as const, index: 0 }],
  [`fco_${ulid}_12345_i678`, { turn: 12_345, side: 'input' as const, index: 678 }],
])('task, turn and index can be read from the item id %s', (id, item) => {
  const ref = { taskId: ulid, ...item }
  expect(itemId(id.slice(0, 3), ref)).toBe(id)
  expect(parseItemId(id)).toEqual(ref)
})

test('an item id has at most 64 characters', () => {
  const last = 999_999_999
  const id = itemId('prefixprefix', { taskId: ulid, turn: last, side: 'input', index: last })
  expect(id.length).toBeLessThanOrEqual(64)
  expect(parseItemId(id)).toBeDefined()
})

test.each([
  '',
  ulid,
  `${ulid}_1_0`,
  `msg_${ulid}`,
  `msg_${ulid}_1`,
  `msg_${ulid}_0_0`,
  `msg_${ulid}_01_0`,
  `msg_${ulid}_1_00`,
  `msg_${ulid}_1_x0`,
  `msg_${ulid}_1_0\n`,
  `msg_${ulid.toLowerCase()}_1_0`,
  `msg_8${ulid.slice(1)}_1_0`,
  'msg_67c9a1d2e4f08190a3c1',
])('%j is no item id', (text) => {
  expect(parseItemId(text)).toBeUndefined()
})

test.each([
  '',
  ulid,
  `resp_${ulid}`,
  `resp_${ulid}001`,
  `resp_${ulid}0001x`,
  `resp_${ulid.toLowerCase()}0001`,
  `resp_8${ulid.slice(1)}0001`,
])('%j is no response id', (text) => {
  expect(parseResponseId(text)).toBeUndefined()
})

test.each([
  ulid.toLowerCase(),
  `${ulid}0`,
  ulid.slice(1),
  `8${ulid.slice(1)}`,
  `I${ulid.slice(1)}`,
  `${ulid}\n`,
])('%j is no task id', (text) => {
  expect(isUlid(text)).toBe(false)
})

test('a ULID contains its time, and ids of one time have the same prefix', () => {
  for (const ms of [0, 1, 31, 1_764_250_000_123, 2 ** 48 - 1]) {
    expect(timeOf(`${ulidsFrom(ms)}${'0'.repeat(16)}`)).toBe(ms)
  }
  // The example of the ULID specification.
  expect(timeOf('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe(1_469_922_850_259)
  expect(ulidsFrom(-5)).toBe('0'.repeat(10))
})
