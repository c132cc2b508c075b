import type { Schedule } from '@longhaul/client'
import { expect, test } from 'vitest'
import { changesOf, timesOf, valuesOf } from './schedule-values.ts'

const stored: Schedule = {
  _id: 's',
  agent_key: 'reports',
  created: '2030-01-01T00:00:00Z',
  created_by_id: 'k',
  display_name: 'Report',
  expression: '0 9 * * *',
  generation: 1,
  is_active: true,
  payload: { input: 'Go.', metadata: { team: 'a' } },
  trigger_count: 0,
  type: 'cron',
  updated: '2030-01-01T00:00:00Z',
  timezone: 'Asia/Tokyo',
  overlap: 'skip',
  catch_up: { window: 'PT1H', runs: 'latest' },
  continue_task: false,
  max_runs: 5,
  start_at: '2030-01-01T09:00:30.000Z',
  upcoming: [],
}

test('a change has only the fields that the form has changed', () => {
  const before = valuesOf(stored)
  expect(changesOf(before, before, stored)).toEqual({})
  const now = { ...before, expression: '0 10 * * *', max_runs: '', runs: 'all', spread: '10m' }
  expect(changesOf(now, before, stored)).toEqual({
    expression: '0 10 * * *',
    max_runs: null,
    spread: '10m',
    catch_up: { runs: 'all', window: 'PT1H' },
  })
})

test('another input keeps the rest of the payload, and a list of items is sent as a list', () => {
  const before = valuesOf(stored)
  const inputOf = (input: string) => changesOf({ ...before, input }, before, stored)
  expect(inputOf('Stop.')).toEqual({ payload: { input: 'Stop.', metadata: { team: 'a' } } })
  const items = [{ role: 'user', content: 'Hello' }]
  expect(inputOf(JSON.stringify(items))).toMatchObject({ payload: { input: items } })
  expect(inputOf('[no list')).toMatchObject({ payload: { input: '[no list' } })
})

test('a new schedule has all fields, and its times are those of the preview', () => {
  const values = { ...valuesOf(), display_name: 'New', timezone: 'UTC', input: 'Go.' }
  const body = changesOf(values, valuesOf())
  expect(body).toMatchObject({ ...timesOf(values), display_name: 'New', payload: { input: 'Go.' } })
})
