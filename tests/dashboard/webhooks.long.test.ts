import { expect } from 'vitest'
import { user } from '../support/orq-requests.ts'
import { test } from './dashboard-test.ts'
import { openPage, signIn } from './open-page.ts'

test('an endpoint is created, tested, disabled, enabled, rotated and deleted', async ({
  cluster,
  browser,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const { page, complaints } = await openPage(browser)
  await signIn(page, cluster)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await page.getByRole('button', { name: 'New endpoint …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Shop')
  await dialog.getByLabel('URL').fill('ftp://shop.example')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel('URL').fill(receiver.url)
  await dialog.getByRole('button', { name: 'Create' }).click()
  const secret = await dialog.getByText(/^whsec_/).innerText()
  await dialog.getByRole('button', { name: 'I have kept it' }).click()

  const task = await agent.submit(user('hello'))
  await expect.poll(() => receiver.about(task, 'response.completed').length).toBe(1)
  await page.getByRole('link', { name: /Shop/ }).click()
  const completed = page.getByRole('button', { name: /Delivered.*response\.completed/ })
  await completed.click()
  await page.getByRole('list', { name: 'Attempts' }).getByText('200').waitFor()
  expect(await page.content()).not.toContain(secret)
  await page.getByRole('button', { name: 'Redeliver' }).click()
  await expect.poll(() => receiver.about(task, 'response.completed').length).toBe(2)

  await page.getByRole('button', { name: 'Failed', exact: true }).click()
  await page.getByText('No delivery matches').waitFor()
  expect(new URL(page.url()).searchParams.get('status')).toBe('failed')
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await page.getByLabel('Type').selectOption('response.completed')
  await completed.waitFor()

  await page.getByRole('button', { name: 'Test …' }).click()
  await dialog.getByRole('button', { name: 'Send' }).click()
  await dialog.getByText('The endpoint has answered 200.').waitFor()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByText('A request has disabled it.').waitFor()
  const missed = await agent.submit(user('hello'))
  await agent.ended(missed)
  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByText('Enabled').waitFor()
  await page.getByRole('button', { name: 'Recover …' }).click()
  await dialog.getByRole('button', { name: 'Missing' }).click()
  await dialog.getByRole('button', { name: 'Recover', exact: true }).click()
  await dialog.getByText('Done: 1 event to send.').waitFor()
  await expect.poll(() => receiver.about(missed, 'response.completed').length).toBe(1)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Rotate secret …' }).click()
  await dialog.getByRole('button', { name: 'Rotate' }).click()
  expect(await dialog.getByText(/^whsec_/).innerText()).not.toBe(secret)
  await dialog.getByRole('button', { name: 'I have kept it' }).click()

  await page.getByRole('button', { name: 'Delete …' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No endpoints yet').waitFor()
  expect(complaints).toEqual([])
})

test('the page of a task shows what endpoints and named addresses were sent, and sends it again', async ({
  cluster,
  browser,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const turn = { ...user('hello'), longhaul: { webhook: receiver.url } }
  const task = await agent.submit(turn)
  await expect.poll(() => receiver.about(task).length).toBe(1)
  const { page } = await openPage(browser)
  await signIn(page, cluster)
  await page.goto(`${cluster.url}/dashboard/tasks/${agent.key}/${task}`)
  await page.getByRole('tab', { name: 'Webhooks' }).click()
  await page.getByRole('button', { name: new RegExp(receiver.url) }).click()
  await page.getByRole('list', { name: 'Attempts' }).getByText('200').waitFor()
  await page.getByRole('button', { name: 'Redeliver' }).click()
  await expect.poll(() => receiver.about(task).length).toBe(2)
  await page.getByRole('list', { name: 'Attempts' }).getByRole('listitem').nth(1).waitFor()
})
