import { expect } from 'vitest'
import { script, test } from './run-command.fixture.ts'

test('a task runs, and only its answer is on stdout', async ({ longhaul }) => {
  const ran = await longhaul(['run', 'plain', '-'], { input: script({ text: 'Good morning' }) })
  expect(ran).toMatchObject({ code: 0, stdout: 'Good morning\n' })
  expect(ran.stderr).toMatch(/^task [0-9A-Z]{26}\n$/)
  const [id = ''] = /[0-9A-Z]{26}/.exec(ran.stderr) ?? []

  const listed = await longhaul(['tasks', 'list', '--agent', 'plain', '--json'])
  expect(listed).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(listed.stdout)).toMatchObject([{ task_id: id, status: 'completed' }])

  const events = await longhaul(['tasks', 'watch', id, '--after', '0', '--json'])
  const types = events.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).type as string)
  expect([types[0], types.at(-1)]).toEqual(['response.started', 'response.done'])
})

test('failures have their exit codes, and a hint', async ({ longhaul }) => {
  const [failed, usage, verb, unknown, wrongKey] = await Promise.all([
    longhaul(['run', 'plain', script({ status: 401 })]),
    longhaul(['tasks', 'list', '--status', 'done']),
    longhaul(['tasks', 'lst', '--json']),
    longhaul(['tasks', 'get', '01ARZ3NDEKTSV4RRFFQ69G5FAV']),
    longhaul(['tasks', 'list'], { env: { LONGHAUL_API_KEY: 'wrong' } }),
  ])
  expect(failed.code).toBe(1)
  expect(failed.stderr).toMatch(/longhaul: task \w+ failed: provider_failed/)
  expect([usage.code, usage.stdout]).toEqual([2, ''])
  expect(usage.stderr).toContain('Allowed choices are in_progress, completed, failed.')
  expect([verb.code, verb.stdout]).toEqual([2, ''])
  expect(verb.stderr).toContain("tasks has no command 'lst', only list, get,")
  expect([unknown.code, unknown.stdout]).toEqual([4, ''])
  expect([wrongKey.code, wrongKey.stdout]).toEqual([3, ''])
  expect(wrongKey.stderr).toContain('The key is from the environment.')
})

test('tasks are found by their words and their failure, and usage counts them', async ({
  longhaul,
}) => {
  await longhaul(['run', 'plain', 'Refund the órder of Zoë'])
  await longhaul(['run', 'plain', script({ status: 401 })])
  const find = async (...options: string[]) => {
    const { stdout } = await longhaul(['tasks', 'list', '--json', ...options])
    return JSON.parse(stdout) as { status: string }[]
  }
  expect(await find('--search', 'order refund')).toHaveLength(1)
  expect(await find('--search', 'order', '--error', 'provider_failed')).toEqual([])
  const failed = await find('--error', 'provider_failed', '--model', 'openai/scripted')
  expect(failed.map(({ status }) => status)).toContain('failed')

  const usage = async (...options: string[]) => await longhaul(['usage', ...options])
  await expect
    .poll(async () => JSON.parse((await usage('--json')).stdout).totals[0].errors)
    .toBeGreaterThan(0)
  const table = (await usage('--by', 'agent', '--since', '2h')).stdout.split('\n')
  expect(table[0]).toMatch(/^TIME \(UTC\) +AGENT +TURNS +FAILED/)
  expect(table.some((line) => /^total +plain +\d+ +\d+/.test(line))).toBe(true)
  expect((await usage('--by', 'agent', '--grain', 'minute')).code).toBe(2)
})
