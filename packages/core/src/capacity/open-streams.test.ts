import { expect, test } from 'vitest'
import { createOpenStreams } from './open-streams.ts'

const key = (id: string, workspace = 'w') => ({ type: 'key' as const, id, workspace })
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

test('a workspace has a limit over all its keys and all processes', () => {
  const streams = createOpenStreams()
  const close = streams.open(key('a'))
  streams.open(key('b'))
  expect(streams.byWorkspace()).toEqual(new Map([['w', 2]]))
  streams.note(new Map([['w', { elsewhere: 1, limit: 3 }]]))
  expect(streams.countOf('w')).toBe(3)
  expect(failure(() => streams.open(token('c')))).toEqual(refusal)
  streams.open(key('c', 'other'))
  close()
  streams.open(key('c'))
  streams.note(new Map([['w', { elsewhere: 0, limit: 3 }]]))
  streams.open(token('d'))
  expect(failure(() => streams.open(key('e')))).toEqual(refusal)
  streams.note(new Map([['w', { elsewhere: 10_000, limit: undefined }]]))
  streams.open(key('e'))
})

test('a workspace about which nothing is known has the usual limit', () => {
  const streams = createOpenStreams()
  for (let number = 0; number < 1_000; number += 1) streams.open(key(`k${number % 5}`))
  expect(failure(() => streams.open(key('other')))).toEqual(refusal)
})
