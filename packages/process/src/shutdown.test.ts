import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

test('a signal runs the steps once and in order, and exits with 0', async () => {
  const { code, messages } = await run(`[step('first'), step('second')]`, ['SIGTERM'])
  expect(messages).toEqual(['up', 'shutting down', 'first', 'second', 'stopped'])
  expect(code).toBe(0)
})

test('a step that fails or takes too long does not block the next', async () => {
  const { code, messages } = await run(
    `[{ name: 'fails', run() { throw new Error('no') } },
      { name: 'hangs', run: () => new Promise(() => {}), deadlineMs: 20 }, step('last')]`,
    ['SIGINT'],
  )
  const failed = 'shutdown step failed'
  expect(messages).toEqual(['up', 'shutting down', failed, failed, 'last', 'stopped'])
  expect(code).toBe(0)
})

test('steps that all take too long do not add up', async () => {
  const hanging = `{ name: 'hangs', run: () => new Promise(() => {}), deadlineMs: 60_000 }`
  const { code, messages } = await run(
    `[${hanging}, ${hanging}, step('last')]`,
    ['SIGTERM'],
    '',
    '{ withinMs: 100 }',
  )
  const failed = 'shutdown step failed'
  expect(messages).toEqual(['up', 'shutting down', failed, failed, 'last', 'stopped'])
  expect(code).toBe(0)
})

test('a second signal exits at once with 1', async () => {
  const { code, messages } = await run(
    `[{ name: 'hangs', run: () => new Promise(() => {}), deadlineMs: 60_000 }]`,
    ['SIGTERM', 'SIGINT'],
  )
  expect(messages).toEqual(['up', 'shutting down', 'second signal, exiting at once'])
  expect(code).toBe(1)
})

test.each([
  ['uncaughtException', `setImmediate(() => { throw new Error('lost') })`],
  ['unhandledRejection', `void Promise.reject(new Error('lost'))`],
])('an %s is logged and exits with 1', async (message, statement) => {
  const { code, lines } = await run('[]', [], statement)
  expect(lines.at(-1)).toMatchObject({ level: 'fatal', msg: message, err: { message: 'lost' } })
  expect(code).toBe(1)
})

type Line = Record<string, unknown>

/** Runs a separate process. A signal follows each line as long as signals are left. */
async function run(steps: string, signals: NodeJS.Signals[], statement = '', options = '{}') {
  const front = new URL('./index.ts', import.meta.url).href
  const program = `
    import { createLogger, onShutdown } from ${JSON.stringify(front)}
    const log = createLogger({ name: 'test', level: 'info' })
    const step = (name) => ({ name, run: () => log.info(name) })
    onShutdown(log, { steps: ${steps}, withinMs: 60_000, ...${options} })
    setInterval(() => {}, 1000)
    log.info('up')
    ${statement}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  const left = [...signals]
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    const signal = left.shift()
    if (signal !== undefined) child.kill(signal)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  return { code, lines, messages: lines.map((line) => line['msg']) }
}
