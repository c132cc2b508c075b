import { expect } from 'vitest'
import { script, test } from '../run-command.fixture.ts'

test('a schedule is created, triggered, paused, resumed and deleted', async ({ longhaul }) => {
  const words = ['schedules', 'create', 'plain', '0 9 * * 1-5', '-', '--timezone', 'Europe/Bern']
  const nowhere = await longhaul(words, { input: 'x' })
  expect([nowhere.code, nowhere.stdout]).toEqual([2, ''])
  expect((await longhaul(['schedules', 'create', 'plain', 'now', 'x'])).code).toBe(2)
  expect((await longhaul(['schedules', 'list', 'plain', '--json'])).stdout).toBe('[]\n')

  words.splice(-1, 1, 'Europe/Berlin', '--name', 'report')
  const created = await longhaul(words, { input: script({ text: 'Good morning' }) })
  expect(created.code).toBe(0)
  expect(created.stderr).toMatch(/^It runs next at 20.*Z\.\n$/)
  const one = ['plain', created.stdout.trim()]
  const got = JSON.parse((await longhaul(['schedules', 'get', ...one])).stdout)
  expect(got).toMatchObject({ type: 'cron', timezone: 'Europe/Berlin', display_name: 'report' })

  expect((await longhaul(['schedules', 'runs', ...one])).stdout).toBe('')
  expect((await longhaul(['schedules', 'trigger', ...one])).stdout).toContain('starts a run')
  await expect
    .poll(async () => (await longhaul(['schedules', 'runs', ...one])).stdout)
    .toMatch(/^[0-9A-Z]{26} .* manual +completed$/m)

  expect((await longhaul(['schedules', 'pause', ...one])).stdout).toContain('is paused')
  const listed = await longhaul(['schedules', 'list', 'plain'])
  expect(listed.stdout).toContain('paused (requested)')
  expect((await longhaul(['schedules', 'resume', ...one])).stdout).toContain('is active')
  expect((await longhaul(['schedules', 'delete', ...one])).code).toBe(2)
  expect((await longhaul(['schedules', 'delete', ...one, '--yes'])).code).toBe(0)
  expect((await longhaul(['schedules', 'get', ...one])).code).toBe(4)
})
