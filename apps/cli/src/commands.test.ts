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
