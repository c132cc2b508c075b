import { expect, test } from 'vitest'
import { createErrorLog } from './error-log.ts'

type Line = { message: string; err: string; role?: string; times?: number }

function start() {
  const lines: Line[] = []
  const warn = (fields: object, message: string) => {
    lines.push({ ...fields, message } as Line)
  }
  return { lines, report: createErrorLog({ warn }, { everyMs: 100 }) }
}

test('the first error is logged at once, those that follow in one line with their number', async () => {
  const { lines, report } = start()
  const message = 'redis connection error'
  for (let i = 0; i < 300; i += 1) report({ err: `error ${i}`, role: 'queue' }, message)
  expect(lines).toEqual([{ message, err: 'error 0', role: 'queue' }])
  await expect.poll(() => lines.length).toBe(2)
  expect(lines[1]).toEqual({ message, err: 'error 299', role: 'queue', times: 299 })
  report({ err: 'error 300', role: 'queue' }, message)
  expect(lines).toHaveLength(2)
  await expect.poll(() => lines.length).toBe(3)
  expect(lines[2]).toMatchObject({ err: 'error 300', times: 1 })
})

test('each role and each message is counted separately', () => {
  const { lines, report } = start()
  for (const role of ['queue', 'wake']) {
    for (const message of ['a', 'b']) {
      report({ err: 1, role }, message)
      report({ err: 2, role }, message)
    }
  }
  expect(lines.map(({ role, message }) => `${role} ${message}`)).toEqual([
    'queue a',
    'queue b',
    'wake a',
    'wake b',
  ])
})
