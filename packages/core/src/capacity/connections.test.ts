import { expect, test } from 'vitest'
import { createConnections } from './connections.ts'

test('when there are too many new connections, the oldest is closed', () => {
  const connections = createConnections<string>({ total: 10, unproven: 2 })
  expect(['a', 'b', 'c', 'd'].map((each) => connections.opened(each))).toEqual([
    undefined,
    undefined,
    'a',
    'b',
  ])
  connections.closed('a')
  expect(connections.count()).toBe(2)
})

test('a connection with a valid key is never closed for a new one', () => {
  const connections = createConnections<string>({ total: 10, unproven: 1 })
  connections.opened('a')
  expect(connections.proven('a')).toBe(true)
  expect(['b', 'c'].map((each) => connections.opened(each))).toEqual([undefined, 'b'])
  expect(connections.proven('a')).toBe(true)
})

test('a connection whose key is being checked is not closed for a new one', () => {
  const connections = createConnections<string>({ total: 10, unproven: 1 })
  connections.opened('a')
  connections.checking('a')
  expect(connections.opened('b')).toBeUndefined()
  expect(connections.unproven('a')).toBe('b')
  connections.checking('a')
  expect(connections.opened('c')).toBeUndefined()
  expect(connections.proven('a')).toBe(true)
  expect(connections.unproven('a')).toBeUndefined()
  expect(connections.opened('d')).toBe('c')
  expect(connections.count()).toBe(2)
})

test('known connections leave capacity to new ones', () => {
  const connections = createConnections<string>({ total: 3, unproven: 1 })
  for (const each of ['a', 'b', 'c']) {
    expect(connections.opened(each)).toBeUndefined()
    expect(connections.proven(each)).toBe(each !== 'c')
  }
  expect(connections.count()).toBe(3)
  connections.closed('a')
  expect(connections.proven('c')).toBe(true)
  expect(connections.opened('d')).toBeUndefined()
})

test('a connection that was closed meanwhile is not counted', () => {
  const connections = createConnections<string>({ total: 2, unproven: 1 })
  connections.opened('a')
  connections.closed('a')
  expect(connections.proven('a')).toBe(true)
  expect(connections.count()).toBe(0)
})

/** The limit of new connections of a server. */
function newOf(total: number): number {
  const connections = createConnections<number>({ total })
  let kept = 0
  while (connections.opened(kept) === undefined) kept += 1
  return kept
}

test('at most 1,000 connections are new, or a tenth of a small server', () => {
  expect([newOf(10_000), newOf(100), newOf(100_000)]).toEqual([1_000, 10, 1_000])
})
