import { buildDashboard } from '../../scripts/dashboard.ts'
import { expect } from 'vitest'
import { newAgent } from '../support/new-agent.ts'
import { script } from '../support/orq-requests.ts'
import { test } from './browser-test.ts'
import { openPage, signIn } from './open-page.ts'

test('a person signs in, finds a task, approves its call with other arguments, and sees the answer', async ({
  cluster,
  browser,
}) => {
  await buildDashboard()
  const agent = { ...newAgent(), settings: approval }
  await cluster.call('POST', '/v2/agents', agent)
  const turn = script(
    { calls: [{ name: 'current_date', id: 'a', arguments: { timezone: 'Europe/Rome' } }] },
    { text: 'It is <b>late</b> in Paris.' },
  )
  const path = `/v2/agents/${agent.key}/responses`
  const { body } = await cluster.call('POST', path, { ...turn, background: true })
  const task = String(body['task_id'])

  const { page, complaints } = await openPage(browser)
  await signIn(page, cluster)
  await page.getByText(task).click()
  const review = page.getByRole('form', { name: 'Review of current_date' })
  await review.getByRole('button', { name: 'Edit arguments' }).click()
  await review.getByRole('textbox').fill('{ "timezone": "Europe/Paris" }')
  await review.getByRole('button', { name: 'Approve with these arguments' }).click()

  await page.getByText('Completed').waitFor()
  await page.getByRole('tab', { name: 'Conversation' }).click()
  await page.getByText('It is <b>late</b> in Paris.', { exact: true }).waitFor()
  await page.getByRole('tab', { name: 'Waterfall' }).click()
  await page.getByRole('button', { name: /^Approval of/ }).waitFor()
  expect(complaints).toEqual([])
  const log = (await cluster.call('GET', `${path}/${task}/log`)).body['data']
  expect(log).toContainEqual(
    expect.objectContaining({ type: 'review.decided', arguments: { timezone: 'Europe/Paris' } }),
  )
})

const approval = { tools: [{ type: 'current_date' }], tool_approval_required: 'all' }
