import { expect } from 'vitest'
import { script, user } from '../support/orq-requests.ts'
import { byKeyboard } from './by-keyboard.ts'
import { call, test } from './dashboard-test.ts'
import { openPage, signIn } from './open-page.ts'

test('the keyboard alone signs in, filters, opens, approves, cancels and redrives', async ({
  cluster,
  browser,
  agent,
}) => {
  const asking = `${agent.key}-ask`
  const { page, complaints } = await openPage(browser)
  const { press, type, button, tabTo } = byKeyboard(page)
  await page.goto(`${cluster.url}/dashboard/`)
  await page.getByLabel(/API key/).waitFor()
  await type(cluster.key)
  await press('Enter')
  await page.getByRole('heading', { name: 'Tasks' }).waitFor()

  // The list: a filter, then the rows.
  const asked = await agent.submit(script(call, { text: 'Approved.' }), asking)
  await press('/')
  await type(`agent=${asking}`)
  await press('Enter')
  await press('Escape')
  await page.getByText(asked).waitFor()
  await press('j')
  await press('j')
  await press('k')
  await press('Enter')
  await page.getByRole('form', { name: 'Review of current_date' }).waitFor()
  await button('Approve')
  await page.getByText('Completed', { exact: true }).waitFor()

  const slow = await agent.submit(
    script({ text: 'word '.repeat(2_000).split(' '), chunkDelay: 50 }),
  )
  await press('g')
  await press('t')
  await page.getByText(slow).waitFor()
  await press('j')
  await press('Enter')
  await button('Cancel')
  await page.getByText('Failed', { exact: true }).waitFor()

  const failing = await agent.submit(script([{ status: 400 }, { text: 'unused' }]))
  await agent.ended(failing)
  await press('g')
  await press('f')
  await button('Redrive …')
  await button('Redrive')
  await page
    .getByText(/^Done: /)
    .first()
    .waitFor()
  const { body } = await cluster.call('GET', `${agent.path}/${failing}/log`)
  expect(JSON.stringify(body).match(/"turn.started"/g)).toHaveLength(2)

  await press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await tabTo(page.getByRole('link', { name: 'Skip to the content' }))
  expect(complaints).toEqual([])
})

test('the keyboard alone creates, edits and deletes an endpoint and a schedule', async ({
  cluster,
  browser,
  agent,
  receive,
}) => {
  const { url } = await receive()
  await agent.ended(await agent.submit(user('hello')))
  const { page } = await openPage(browser)
  const { press, type, button, tabTo, fill, checkDialog } = byKeyboard(page)
  await signIn(page, cluster)
  await press('g')
  await press('w')
  await checkDialog('New endpoint …')
  await press('Enter')
  await fill('Name', 'By keyboard')
  await fill('URL', url)
  await tabTo(page.getByLabel('All events'))
  await press('Space')
  await button('Create')
  await page.getByText(/^whsec_/).waitFor()
  await button('I have kept it')
  await page.getByText('By keyboard').waitFor()
  await press('j')
  await press('Enter')
  await checkDialog('Edit …')
  await press('Enter')
  await fill('Name', 'Edited')
  await button('Save')
  await page.getByRole('heading', { name: 'Edited' }).waitFor()
  await button('Delete …')
  await button('Delete', page.getByRole('dialog'))
  await page.getByText('No endpoints yet').waitFor()

  await press('g')
  await press('s')
  await checkDialog('New schedule …')
  await press('Enter')
  await tabTo(page.getByRole('dialog').getByLabel('Agent'))
  await type(agent.key)
  await fill('Name', 'By keyboard')
  await fill('Input of each run', 'Good morning')
  await button('Create')
  await page.getByRole('heading', { name: 'By keyboard' }).waitFor()
  await checkDialog('Edit …')
  await press('Enter')
  await fill('Name', 'Edited')
  await button('Save')
  await page.getByRole('heading', { name: 'Edited' }).waitFor()
  await button('Delete …')
  await button('Delete', page.getByRole('dialog'))
  await page.getByText('No schedules yet').waitFor()
})
