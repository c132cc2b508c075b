import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describeError } from './logger.ts'

test('a line is JSON with its level as a word, its time and its name', () => {
  const [line] = logOf(`log.info({ task_id: 't1' }, 'claimed')`)
  expect(line).toMatchObject({ level: 'info', name: 'api', task_id: 't1', msg: 'claimed' })
  expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
})

test('lines written just before the process exits are not lost', () => {
  const lines = logOf(`for (let i = 0; i < 500; i++) log.info({ i }, 'line')
    process.exit(0)`)
  expect(lines.map((line) => line['i'])).toEqual(Array.from({ length: 500 }, (_, i) => i))
})

test('secrets are replaced where they are usually logged', () => {
  const lines = logOf(`
    log.info({ authorization: 'Bearer hunter2' })
    log.info({ headers: { authorization: 'Bearer hunter2', cookie: 'hunter2', host: 'h' } })
    log.info({ request: { headers: { authorization: 'Bearer hunter2' } } })
    log.info({ config: { api_key: 'hunter2', apiKey: 'hunter2', password: 'hunter2' } })`)
  expect(lines).toHaveLength(4)
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines[1]?.['headers']).toMatchObject({ authorization: '[Redacted]', host: 'h' })
})

test('the type, message, code, stack and causes of an error are logged, and no other field', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  const error = Object.assign(new TypeError('failed', { cause }), {
    command: { name: 'set', args: ['a prompt'] },
  })
  expect(describeError(error)).toEqual({
    type: 'TypeError',
    message: 'failed',
    stack: error.stack,
    cause: { type: 'Error', message: 'refused', code: 'ECONNREFUSED', stack: cause.stack },
  })
})

function logOf(statements: string): Record<string, unknown>[] {
  const logger = new URL('./logger.ts', import.meta.url).href
  const program = `
    import { createLogger } from ${JSON.stringify(logger)}
    const log = createLogger({ name: 'api', level: 'info' })
    ${statements}`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  expect(run.stderr).toBe('')
  const lines = run.stdout.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}
