import { expect, test } from 'vitest'
import {
  isUlid,
  jobId,
  maxShards,
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
