import { test as base } from '@longhaul/testbed'
import { describe, expect, test } from 'vitest'
import { withUsedFunctions } from './late-functions.ts'

describe('the functions of a script', () => {
  test('are left out if nothing that is used mentions them', () => {
    const source = [
      'local function a() return 1 end',
      'local function b()',
      '  return c()',
      'end',
      '-- b and c are not used',
      'local function c() return b() end',
      'local function d() return a() end',
      'return d()',
    ]
    expect(withUsedFunctions(source.join('\n')).split('\n')).toEqual([
      'local function a() return 1 end',
      '-- b and c are not used',
      'local function d() return a() end',
      'return d()',
    ])
  })

  test('cost nothing in a late block of which nothing is used', () => {
    const source = '-- @late\nlocal function a() return 1 end\n-- @end\nreturn 2'
    expect(withUsedFunctions(source)).toBe('return 2')
  })

  test('are the only content of a late block, because others could not use the rest', () => {
    const source =
      '-- @late\nlocal times = {}\nlocal function a() return times end\n-- @end\nreturn a()'
    expect(() => withUsedFunctions(source)).toThrow('more than functions: local times = {}')
  })

  base('are created once, when a late one is first called', async ({ redis }) => {
    const source = `
local called = {}
local function note(name) called[#called + 1] = name end
local count = 0
-- @late
local function add(by)
  count = count + by
  note('add')
  return count
end
-- @end

-- A comment between blocks.
-- @late
local function addTwice(by)
  add(by)
  return add(by)
end
-- @end
local function total() return addTwice(2) + add(1) end
-- @late
local function addLater(by) return add(by) end
-- @end
if ARGV[1] == 'none' then return called end
note(total())
note(select(2, pcall(addLater, 10)))
return called`
    const lean = withUsedFunctions(source)
    expect(lean.match(/^local function late/gm)).toHaveLength(2)
    expect(await redis.eval(lean, 0, 'all')).toEqual(['add', 'add', 'add', 9, 'add', 15])
    expect(await redis.eval(lean, 0, 'none')).toEqual([])
  })
})
