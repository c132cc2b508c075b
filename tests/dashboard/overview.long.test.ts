import { buildDashboard } from '../../scripts/dashboard.ts'
import { beforeAll, expect } from 'vitest'
import { newAgent } from '../support/new-agent.ts'
import { script } from '../support/orq-requests.ts'
import { test } from './browser-test.ts'
import { openPage, signIn } from './open-page.ts'

beforeAll(async () => {
  await buildDashboard()
})

const figure = (name: string) => new RegExp(`^${name}`)

test('the overview counts what ended, and each number leads to its tasks', async ({
  cluster,
  browser,
}) => {
  const agent = newAgent()
  await cluster.call('POST', '/v2/agents', agent)
  const path = `/v2/agents/${agent.key}/responses`
  const tokens = { input: 1_200, output: 34, cached: 200 }
  for (const reply of [{ text: 'one', usage: tokens }, { text: 'two' }, { status: 400 }]) {
    await cluster.call('POST', path, script([reply]))
  }
  const later = { longhaul: { start_at: new Date(Date.now() + 3_600_000).toISOString() } }
  await cluster.call('POST', path, { ...script({ text: '' }), background: true, ...later })

  const { page, complaints } = await openPage(browser)
  await signIn(page, cluster)
  await page.goto(`${cluster.url}/dashboard/overview?minutes=15`)
  const numberOf = (name: string) =>
    page.locator('div.card', { has: page.locator('dt', { hasText: figure(name) }) })
  await numberOf('Turns ended').getByText('3', { exact: true }).waitFor()
  await numberOf('Turns ended').getByText('2 completed').waitFor()
  await numberOf('Turns failed').getByText('1', { exact: true }).waitFor()
  await numberOf('Error rate').getByText('33 %').waitFor()
  await numberOf('Tasks started').getByText('4', { exact: true }).waitFor()
  expect(await numberOf('Input tokens').innerText()).toMatch(/\n[\d,]+\n200 of them cached/)
  expect(await numberOf('Queue wait').innerText()).toMatch(/\d m?s\n95th percentile [\d.]+ m?s/)
  const chart = page.getByRole('img', { name: '3 turns ended and 1 of them failed' })
  await chart.waitFor()
  await page.getByRole('region', { name: 'Agents' }).getByText(agent.key).waitFor()

  for (const label of ['1 h', '24 h', '7 d']) {
    await page.getByRole('button', { name: label, exact: true }).click()
    await page.getByRole('img', { name: `in the last ${label}` }).waitFor()
    await numberOf('Turns ended').getByText('3', { exact: true }).waitFor()
  }

  const rows = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')
  for (const [name, tasks] of [
    ['Tasks started', 4],
    ['Turns ended', 2],
    ['Turns failed', 1],
  ] as const) {
    await page.goto(`${cluster.url}/dashboard/overview`)
    await numberOf(name).getByRole('link').click()
    await expect.poll(() => rows.count()).toBe(tasks)
  }
  await page.goto(`${cluster.url}/dashboard/overview`)
  await numberOf('Queued now').getByRole('link').click()
  await page.getByRole('list', { name: 'Tasks' }).or(page.getByText('No task matches')).waitFor()
  expect(new URL(page.url()).searchParams.get('state')).toBe('queued')
  expect(complaints).toEqual([])
})

test('words in the field of the list find tasks by their first message', async ({
  cluster,
  browser,
}) => {
  const agent = newAgent()
  await cluster.call('POST', '/v2/agents', agent)
  const submit = async (text: string) => {
    const message = { role: 'user', parts: [{ kind: 'text', text }] }
    const later = { start_at: new Date(Date.now() + 3_600_000).toISOString() }
    const request = { message, background: true, longhaul: later }
    const { body } = await cluster.call('POST', `/v2/agents/${agent.key}/responses`, request)
    return String(body['task_id'])
  }
  const refund = await submit('Refund order 17 for Zoë')
  const other = await submit('Refund nothing')
  const { page } = await openPage(browser)
  await signIn(page, cluster)
  await page.getByText(other).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('zoe refund')
  await page.keyboard.press('Enter')
  await page.getByText(other).waitFor({ state: 'detached' })
  await page.getByText(refund).waitFor()
  expect(new URL(page.url()).searchParams.get('search')).toBe('zoe refund')
  await page.keyboard.press('/')
  await page.keyboard.type('error_code=deadline')
  await page.keyboard.press('Enter')
  await page.getByText('No task matches these filters').waitFor()
})
