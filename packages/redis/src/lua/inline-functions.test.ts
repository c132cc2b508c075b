import { describe, expect, test } from 'vitest'
import { withInlined } from './inline-functions.ts'

const headOf = "local function headOf(task) return tag .. ':task:' .. task end"
const first = ["local tag = '{lh:s0}'", headOf]

/** The lines after the function. */
function inlined(...lines: string[]): string[] {
  return withInlined([...first, ...lines].join('\n'))
    .split('\n')
    .slice(first.length)
}

describe('a call of a function that is one expression', () => {
  test('becomes the expression', () => {
    expect(inlined("redis.call('GET', headOf(id))")).toEqual([
      "redis.call('GET', (tag .. ':task:' .. id))",
    ])
  })

  test('becomes the expression also as an argument, and in another such function', () => {
    const taskOf = 'local function taskOf(job) return string.sub(job, 6, 31) end'
    const read = "local function read(job) return redis.call('GET', headOf(taskOf(job))) end"
    const task = '((string.sub(job, 6, 31)))'
    expect(inlined(taskOf, read, 'local text = read(named)')).toEqual([
      taskOf,
      `local function read(job) return redis.call('GET', (tag .. ':task:' .. ${task})) end`,
      `local text = (redis.call('GET', (tag .. ':task:' .. ${task.replace('job', 'named')})))`,
    ])
  })

  test('stays in a comment, and as a statement', () => {
    expect(inlined('-- calls headOf(id)', '  headOf(id)')).toEqual([
      '-- calls headOf(id)',
      '  headOf(id)',
    ])
  })

  test('stays if an argument would be computed twice', () => {
    const twice = 'local function twice(value) return value + value end'
    expect(inlined(twice, 'return twice(a), twice(f())')).toEqual([
      twice,
      'return (a + a), twice(f())',
    ])
  })

  test('stays if the expression would mean another variable', () => {
    const lines = ['for _, tag in ipairs(tags) do print(headOf(tag)) end']
    expect(inlined(...lines)).toEqual(lines)
  })

  test('stays if arguments are missing, and if the function returns several values or a table', () => {
    const lines = [
      'local function pair(a, b) return a, b end',
      'local function list(a) return { a = a } end',
      'return headOf(), pair(1, 2), list(1)',
    ]
    expect(inlined(...lines)).toEqual(lines)
  })
})

test('a field or a text with the name of a parameter stays', () => {
  const isFull = "local function isFull(state) return state.state == 'state' end"
  expect(inlined(isFull, 'return isFull(known)')).toEqual([
    isFull,
    "return (known.state == 'state')",
  ])
})
