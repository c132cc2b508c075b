import { expect } from 'vitest'
import { script, test } from '../../run-command.fixture.ts'

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

test('past times are run, and a schedule is changed', async ({ longhaul }) => {
  const words = ['schedules', 'create', 'plain', '0 9 * * *', script({ text: 'Hi' })]
  const created = await longhaul([
    ...words,
    '--overlap',
    'queue',
    '--end-at',
    '2100-01-01T00:00:00Z',
  ])
  const one = ['plain', created.stdout.trim()]
  expect((await longhaul(['schedules', 'backfill', ...one])).code).toBe(2)
  expect((await longhaul(['schedules', 'backfill', ...one, '--since', 'soon'])).code).toBe(2)
  const days = ['--since', '2026-01-30T00:00:00Z', '--until', '2026-02-01T00:00:00Z']
  const backfilled = await longhaul(['schedules', 'backfill', ...one, ...days])
  const times = ['2026-01-30T09:00:00.000Z', '2026-01-31T09:00:00.000Z']
  expect(backfilled).toMatchObject({ code: 0, stdout: times.map((time) => `${time}\n`).join('') })
  const runs = ['schedules', 'runs', ...one]
  await expect
    .poll(async () => (await longhaul([...runs, '--json'])).stdout.match(/"completed"/g)?.length)
    .toBe(2)
  const { stdout: ids } = await longhaul([...runs, '--ids', '--limit', '1'])
  expect(ids).toMatch(/^[0-9A-Z]{26}\n$/)

  expect((await longhaul(['schedules', 'update', ...one])).code).toBe(2)
  const other = [
    '--expression',
    '@every 2h',
    '--text',
    'Hello',
    '--end-at',
    'none',
    '--priority',
    '1',
  ]
  expect((await longhaul(['schedules', 'update', ...one, ...other])).stdout).toContain('is active')
  const { end_at: end, ...got } = JSON.parse((await longhaul(['schedules', 'get', ...one])).stdout)
  expect(end).toBeUndefined()
  expect(got).toMatchObject({
    type: 'interval',
    expression: '@every 2h',
    priority: 1,
    overlap: 'queue',
    payload: { input: 'Hello' },
  })
  expect((await longhaul(['schedules', 'update', ...one, '--spread', 'wide'])).code).toBe(2)
  const { stdout: listed } = await longhaul(['schedules', 'list', 'plain', '--ids'])
  expect(listed).toContain(created.stdout)
})
