import { expect, test } from 'vitest'
import { createOpenStreams } from './open-streams.ts'

const key = (id: string) => ({ type: 'key' as const, id, workspace: 'w' })
const token = (id: string) => ({ type: 'token' as const, id, workspace: 'w' })

const refusal = expect.objectContaining({
  code: 'rate_limited',
  details: { violated_policies: ['streams'] },
  retryAfterSeconds: 5,
})

function failure(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('a key has a limit of open streams, and each closed one frees capacity', () => {
  const streams = createOpenStreams({ perKey: 2 })
  const close = streams.open(key('a'))
  streams.open(key('a'))
  expect(failure(() => streams.open(key('a')))).toEqual(refusal)
  streams.open(key('b'))
  close()
  streams.open(key('a'))
  expect(failure(() => streams.open(key('a')))).toEqual(refusal)
})

test('a watch token has a limit of its own', () => {
  const streams = createOpenStreams({ perKey: 5, perToken: 1 })
  streams.open(token('a'))
  expect(failure(() => streams.open(token('a')))).toEqual(refusal)
  streams.open(token('b'))
  streams.open(key('a'))
})

test('all streams together have a limit', () => {
  const streams = createOpenStreams({ total: 2 })
  streams.open(key('a'))
  const close = streams.open(token('b'))
  expect(failure(() => streams.open(key('c')))).toEqual(refusal)
  close()
  streams.open(key('c'))
})

test('a stream that is closed twice counts once, and a refused one does not count', () => {
  const streams = createOpenStreams({ perKey: 1 })
  const close = streams.open(key('a'))
  failure(() => streams.open(key('a')))
  expect(streams.count()).toBe(1)
  close()
  close()
  expect(streams.count()).toBe(0)
})

test('the streams of a workspace are counted, whoever holds them', () => {
  const streams = createOpenStreams({ perKey: 1 })
  const close = streams.open(key('a'))
  streams.open(token('b'))
  streams.open({ ...key('c'), workspace: 'other' })
  failure(() => streams.open(key('a')))
  expect([streams.countOf('w'), streams.countOf('other'), streams.countOf('none')]).toEqual([
    2, 1, 0,
  ])
  close()
  expect(streams.countOf('w')).toBe(1)
})
