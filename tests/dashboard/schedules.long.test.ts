import { expect } from 'vitest'
import { test } from './dashboard-test.ts'
import { openPage, signIn } from './open-page.ts'

test('a schedule is created with a preview, run, edited, stopped, backfilled and deleted', async ({
  cluster,
  browser,
  agent,
}) => {
  const { page, complaints } = await openPage(browser, { timezoneId: 'Europe/Rome' })
  await signIn(page, cluster)
  await page.getByRole('link', { name: 'Schedules' }).click()
  await page.getByRole('button', { name: 'New schedule …' }).click()
  const dialog = page.getByRole('dialog')
  const next = dialog.getByRole('list', { name: 'Next times' })
  await dialog.getByLabel('Agent').selectOption(agent.key)
  await dialog.getByLabel('Name').fill('Report')
  await dialog.getByLabel('Expression').fill('every day')
  await dialog
    .getByText(/5 fields/)
    .first()
    .waitFor()
  await dialog.getByLabel('Expression').fill('0 9 1 1 *')
  await dialog.getByLabel('Time zone').fill('Asia/Tokyo')
  await next
    .getByText(/Jan.* 09:00/)
    .first()
    .waitFor()
  // The viewer is eight hours behind.
  await next
    .getByText(/01:00 for you/)
    .first()
    .waitFor()
  expect(await next.getByRole('listitem').count()).toBe(5)
  await dialog.getByLabel('Input of each run').fill('Good morning')
  await dialog.getByRole('button', { name: 'Create' }).click()

  await page.getByRole('heading', { name: 'Report' }).waitFor()
  await page.getByRole('button', { name: 'Run now' }).click()
  const runs = page.getByRole('list', { name: 'Runs' })
  await runs.getByRole('link', { name: 'Open the task' }).click()
  await page.getByRole('tab', { name: 'Conversation' }).click()
  await page.getByText('Good morning', { exact: true }).waitFor()
  await page.goBack()

  await page.getByRole('button', { name: 'Edit …' }).click()
  await dialog.getByLabel('Expression').fill('0 10 * * *')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('region', { name: 'Next runs' }).getByText(/10:00/).first().waitFor()
  await page.getByText('Good morning', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Backfill …' }).click()
  await dialog.getByRole('button', { name: 'Backfill' }).click()
  await dialog.getByText('1 run will start.').waitFor()
  await page.keyboard.press('Escape')
  await runs.getByText('backfill').waitFor()

  await page.getByRole('button', { name: 'Deactivate' }).click()
  await page.getByText('A request has stopped it.').waitFor()
  expect(await page.getByRole('button', { name: 'Run now' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Schedules' }).click()
  await page.getByRole('link', { name: /Inactive.*Report.*A request has stopped it/ }).click()
  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByText('Active', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Delete …' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No schedules yet').waitFor()
  expect(complaints).toEqual([])
})
