import { expect } from 'vitest'
import { test } from './dashboard-test.ts'
import { everyPage } from './every-page.ts'
import { openPage, signIn } from './open-page.ts'

const html = `<img src=x onerror="alert(1)"><script>alert(2)</script><style>body{display:none}</style>`
/** HTML, marks that turn the direction of a text, and the widest letter many times. */
const name = `${html}\u202Etxet\u2066 ${'W'.repeat(60)}`

test.for([1440, 390])(
  'hostile names, addresses, inputs and answers do no harm on a page of %i pixels',
  async (width, { cluster, browser, agent, receive }) => {
    const receiver = await receive((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.statusCode = 500
      response.end(`${html}\u202Etxet\u0007\u0000\u001B[31m${'x'.repeat(1_000_000)}`)
    })
    const url = `${receiver.url}/${encodeURIComponent(html)}"><b>?q=${'y'.repeat(1_500)}`
    const paths = await everyPage(cluster, agent, url, name)
    const { page, complaints } = await openPage(browser, { viewport: { width, height: 900 } })
    await signIn(page, cluster)
    for (const path of paths) {
      await page.goto(`${cluster.url}/dashboard/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('main .card').first().waitFor()
      if (path.startsWith('webhooks/')) {
        await page
          .getByRole('button', { name: /response\.completed/ })
          .first()
          .click()
        await page.getByRole('list', { name: 'Attempts' }).getByText('500').first().waitFor()
      }
      if (path.startsWith(`tasks/${agent.key}/`)) {
        await page.getByRole('tab', { name: 'Webhooks' }).click()
        await page.getByRole('list', { name: 'Webhooks' }).waitFor()
      }
      const elements = 'main :is(img, script, style, b)'
      expect([path, await page.locator(elements).count()]).toEqual([path, 0])
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect([path, wide]).toEqual([path, width])
    }
    const endpoint = paths.find((path) => path.startsWith('webhooks/'))
    await page.goto(`${cluster.url}/dashboard/${endpoint}`)
    for (const button of ['Edit …', 'Delete …']) {
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    expect(complaints).toEqual([])
  },
)

test('an inline script and an inline style are refused, and these tests see that', async ({
  cluster,
  browser,
  agent,
}) => {
  expect(agent.key).not.toBe('')
  const { page, complaints } = await openPage(browser)
  await page.route('**/dashboard/tasks', async (route) => {
    const response = await route.fetch()
    const planted =
      '<script>window.planted = true</script><style>body { color: red }</style></head>'
    await route.fulfill({ response, body: (await response.text()).replace('</head>', planted) })
  })
  await page.goto(`${cluster.url}/dashboard/tasks`)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.evaluate('window.planted')).toBeUndefined()
  expect(complaints).toEqual([
    expect.stringMatching(/^policy: .*script/s),
    expect.stringMatching(/^policy: .*style/s),
  ])
})
