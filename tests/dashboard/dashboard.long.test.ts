import { expect } from 'vitest'
import { script, user } from '../support/orq-requests.ts'
import { call, test } from './dashboard-test.ts'
import { openPage, signIn } from './open-page.ts'

test('tokens appear while the model writes them, and a cancel stops it', async ({
  cluster,
  browser,
  agent,
}) => {
  const text = Array.from({ length: 2_000 }, (_, at) => `word${at} `)
  const task = await agent.submit(script({ text, chunkDelay: 50 }))
  const { page, complaints } = await openPage(browser)
  await signIn(page, cluster)
  await page.goto(`${cluster.url}/dashboard/tasks/${agent.key}/${task}`)
  await page.getByRole('region', { name: 'The model writes' }).getByText('word20').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Failed', { exact: true }).waitFor()
  expect((await agent.ended(task)).body).toMatchObject({ status: 'failed' })
  expect(complaints).toEqual([])
})

test('filters are in the address, and a link to them shows the same list', async ({
  cluster,
  browser,
  agent,
}) => {
  const wanted = await agent.submit({ ...user('hello'), metadata: { plan: 'pro' } })
  const other = await agent.submit({ ...user('hello'), metadata: { plan: 'free' } })
  const { page } = await openPage(browser)
  await signIn(page, cluster)
  await page.getByText(other).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('metadata.plan=pro')
  await page.keyboard.press('Enter')
  await page.getByText(other).waitFor({ state: 'detached' })
  await page.getByText(wanted).waitFor()
  const address = page.url()
  expect(new URL(address).searchParams.get('metadata.plan')).toBe('pro')
  await page.goto('about:blank')
  await page.goto(address)
  await page.getByText(wanted).waitFor()
  expect(await page.getByText(other).count()).toBe(0)
})

test('selected failures are redriven one after the other', async ({ cluster, browser, agent }) => {
  const turn = script([{ status: 400 }, { text: 'unused' }])
  const tasks = await Promise.all([agent.submit(turn), agent.submit(turn), agent.submit(turn)])
  await Promise.all(tasks.map(agent.ended))
  const { page } = await openPage(browser)
  await signIn(page, cluster)
  await page.goto(`${cluster.url}/dashboard/tasks?status=failed&agent=${agent.key}`)
  for (const task of tasks) await page.getByLabel(`Select task ${task}`).check()
  await page.getByRole('button', { name: 'Redrive' }).click()
  await page.getByText('Done: 3 of 3').waitFor()
  for (const task of tasks) {
    const { body } = await cluster.call('GET', `${agent.path}/${task}/log`)
    const turns = (body['data'] as { type: string }[]).filter(({ type }) => type === 'turn.started')
    expect(turns).toHaveLength(2)
  }
})

test('the keyboard alone approves a call in the inbox', async ({ cluster, browser, agent }) => {
  const asking = `${agent.key}-ask`
  const task = await agent.submit(script(call, { text: 'Approved.' }), asking)
  const { page } = await openPage(browser)
  await signIn(page, cluster)
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('form', { name: 'Review of current_date' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  await page.getByText('Nothing waits for a person').waitFor()
  const { body } = await cluster.call('GET', `/v2/agents/${asking}/responses/${task}?wait=60`)
  expect(body).toMatchObject({ status: 'completed' })
})

test('two workspaces never see each other', async ({ cluster, browser, agent }) => {
  const task = await agent.submit(user('a secret of one workspace'))
  const { page } = await openPage(browser)
  await page.goto(`${cluster.url}/dashboard/`)
  await page.getByLabel(/API key/).fill(cluster.strangersKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('No tasks yet').waitFor()
  await page.goto(`${cluster.url}/dashboard/tasks/${agent.key}/${task}`)
  await page.getByText('This task cannot be shown').waitFor()
  expect(await page.content()).not.toContain('a secret of one workspace')
})

test('HTML, control characters and long lines of tasks do no harm', async ({
  cluster,
  browser,
  agent,
}) => {
  const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>\u202Etxet\u0007 ${'x'.repeat(200_000)}`
  const task = await agent.submit({
    ...script(
      { text: evil, calls: [{ name: evil.slice(0, 60), id: 'a', arguments: { evil } }] },
      { text: evil },
    ),
    metadata: { evil: '<b onmouseover=alert(3)>bold</b>' },
    identity: { id: '"><svg onload=alert(4)>' },
  })
  await agent.ended(task)
  const { page, complaints } = await openPage(browser)
  await signIn(page, cluster)
  await page.getByText(task).waitFor()
  await page.goto(`${cluster.url}/dashboard/tasks/${agent.key}/${task}`)
  for (const tab of ['Conversation', 'Log', 'Details', 'Waterfall']) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByRole('tabpanel').waitFor()
  }
  expect(await page.locator('main img, main script, main svg[onload]').count()).toBe(0)
  expect(complaints).toEqual([])
})
