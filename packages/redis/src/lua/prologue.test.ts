import { test as base } from '@longhaul/testbed'
import { describe, expect, test } from 'vitest'
import { taskKeys, keyPatterns } from '../connection/keys.ts'
import { flag, keyList, number, optionalNumber, rows, text, textList } from './arguments.ts'
import { type Inputs, withInputs } from './prologue.ts'

const nothing: Inputs = { keys: [], args: {}, tails: {}, patterns: [] }

describe('a script', () => {
  test('names keys and arguments in the order in which they are sent', () => {
    const inputs = { ...nothing, keys: ['head', 'log'], args: { job: text, lockMs: number } }
    expect(withInputs(inputs, 'return log').split('\n')).toEqual([
      'local KEYS, ARGV = KEYS, ARGV',
      'local head, log = KEYS[1], KEYS[2]',
      'local job, lockMs = ARGV[1], tonumber(ARGV[2])',
      'return log',
    ])
  })

  test('has the values of shared constants', () => {
    expect(withInputs(nothing, 'return ticketsWaiting')).toBe('return 1000')
    expect(withInputs(nothing, 'return ticketsWaitingToo')).toBe('return ticketsWaitingToo')
  })

  test('has the status functions that its script uses', () => {
    const tests = "status == 'completed' or status == 'failed' or status == 'cancelled'"
    const ended = `local function hasEnded(status) return ${tests} end`
    expect(withInputs(nothing, 'return hasEnded(x)')).toBe(`${ended}\nreturn hasEnded(x)`)
  })

  test('refuses a name that Lua reserves, or that is used twice', () => {
    expect(() => withInputs({ ...nothing, keys: ['end'] }, '')).toThrow('end means something else')
    expect(() => withInputs({ ...nothing, keys: ['KEYS'] }, '')).toThrow('KEYS means something')
    expect(() => withInputs({ ...nothing, keys: ['a-b'] }, '')).toThrow('a-b is no name')
    expect(() => withInputs({ ...nothing, keys: ['a'], args: { a: text } }, '')).toThrow(
      'a is given',
    )
    expect(() => withInputs({ ...nothing, keys: ['ticketsWaiting'] }, '')).toThrow('twice')
  })
})

describe('in Redis', () => {
  base('a flag is a boolean, and a number that is absent is nil', async ({ redis }) => {
    const inputs = { ...nothing, args: { yes: flag, no: flag, most: number, none: optionalNumber } }
    const body = 'return { tostring(yes), tostring(no), tostring(most + 1), tostring(none) }'
    const reply = await redis.eval(withInputs(inputs, body), 0, '1', '', 4, '')
    expect(reply).toEqual(['true', 'false', '5', 'nil'])
  })

  base(
    'tails of any length are read one after the other, and more than once',
    async ({ redis }) => {
      const tails = {
        labels: keyList,
        facts: textList,
        pieces: rows({ args: ['part', 'text'] }),
        blobs: rows({ keys: ['key'], args: ['value'] }),
      }
      const body = `
      local found = { head, job }
      for label in labels() do found[#found + 1] = label end
      for fact in facts() do found[#found + 1] = fact end
      for round = 1, 2 do
        for part, text in pieces() do found[#found + 1] = part .. '=' .. text end
      end
      for key, value in blobs() do found[#found + 1] = key .. '=' .. value end
      found[#found + 1] = blobsCount
      return found`
      const inputs = { ...nothing, keys: ['head'], args: { job: text }, tails }
      const source = withInputs(inputs, body)
      const run = (keys: string[], args: (string | number)[]) =>
        redis.eval(source, keys.length, ...keys, ...args)

      const keys = ['h', 'l1', 'l2', 'k1', 'k2']
      const args = ['j', 2, 1, 2, 'f1', 'p1', 't1', 'p2', 't2', 'v1', 'v2']
      const pieces = ['p1=t1', 'p2=t2']
      expect(await run(keys, args)).toEqual(
        ['h', 'j', 'l1', 'l2', 'f1', pieces, pieces, 'k1=v1', 'k2=v2', 2].flat(),
      )
      expect(await run(['h'], ['j', 0, 0, 0])).toEqual(['h', 'j', 0])
    },
  )

  base('a tail may have more entries than Lua has room for on its stack', async ({ redis }) => {
    const inputs = { ...nothing, tails: { indexes: keyList } }
    const body = 'local n = 0 for index in indexes() do n = n + #index / #index end return n'
    const keys = Array.from({ length: 10_000 }, (_, at) => `k${at}`)
    const source = withInputs(inputs, body)
    expect(await redis.eval(source, keys.length, ...keys)).toBe(10_000)
  })

  base('arguments that are sent together are read like others', async ({ redis }) => {
    const args = { job: text, yes: flag, most: number, none: optionalNumber, who: text }
    const inputs = { ...nothing, args, together: ['yes', 'most', 'none', 'who'] }
    const body = 'return { job, tostring(yes), tostring(most + 1), tostring(none), who }'
    const reply = await redis.eval(withInputs(inputs, body), 0, 'j', '1 4  w')
    expect(reply).toEqual(['j', 'true', '5', 'nil', 'w'])
  })

  base('a script has the names of sets of its shard', async ({ redis }) => {
    const { ring, leases, tickets } = taskKeys('01K00000000000000000000003')
    const sets = ['leases', 'tickets'] as const
    const inputs = { ...nothing, keys: ['ring'], patterns: ['head'] as const, sets }
    const source = withInputs(inputs, 'return { leases, tickets }')
    expect(await redis.eval(source, 1, ring)).toEqual([leases, tickets])
  })

  base('a whole number has the text that Redis gives it', async ({ redis }) => {
    const source = withInputs(nothing, 'return { textOf(7), textOf(7), textOf(123456789012345) }')
    expect(await redis.eval(source, 0)).toEqual(['7', '7', '123456789012345'])
  })

  base('a script names the keys of a task that it chooses itself', async ({ redis }) => {
    const taskId = '01K00000000000000000000003'
    const { head, log, deltas, ring, keyRing, backlog } = taskKeys(taskId)
    const patterns = Object.keys(keyPatterns) as (keyof typeof keyPatterns)[]
    const body =
      "return { headOf(task), logOf(task), deltasOf(task), keyRingOf('w'), backlogOf('w', 'k') }"
    const inputs = { ...nothing, keys: ['ring'], args: { task: text }, patterns }
    const source = withInputs(inputs, body)
    const expected = [head, log, deltas, keyRing('w'), backlog('w', 'k')]
    expect(await redis.eval(source, 1, ring, taskId)).toEqual(expected)
  })
})
