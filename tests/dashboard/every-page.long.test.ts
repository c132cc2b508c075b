import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { test as base } from './dashboard-test.ts'
import { everyPage } from './every-page.ts'
import { openPage, signIn } from './open-page.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const test = base.extend('paths', async ({ cluster, agent, receive }) => {
  const { url } = await receive()
  return await everyPage(cluster, agent, url)
})

describe('no page has a serious fault of accessibility', () => {
  test.for(['light', 'dark'] as const)(
    'in the %s theme',
    async (theme, { cluster, browser, paths }) => {
      const { page, complaints } = await openPage(browser, { colorScheme: theme })
      await page.goto(`${cluster.url}/dashboard/`)
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      const found = { 'sign-in': await faultsOf(page) }
      await signIn(page, cluster)
      for (const path of paths) {
        await open(page, `${cluster.url}/dashboard/${path}`)
        Object.assign(found, { [path]: await faultsOf(page) })
      }
      for (const [path, button] of dialogs(paths)) {
        await open(page, `${cluster.url}/dashboard/${path}`)
        await page.getByRole('button', { name: button }).click()
        await page.getByRole('dialog').waitFor()

        Object.assign(found, { [`${path} ${button}`]: await faultsOf(page) })
      }
      expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([])
      expect(complaints).toEqual([])
    },
  )
})

test('no page and no dialog is wider than a phone', async ({ cluster, browser, paths }) => {
  const { page } = await openPage(browser, { viewport: { width: 390, height: 844 } })
  await signIn(page, cluster)
  const wide: [string, number][] = []
  for (const path of paths) {
    await open(page, `${cluster.url}/dashboard/${path}`)
    wide.push([path, await widthOf(page, 'document.documentElement')])
  }
  for (const [path, button] of dialogs(paths)) {
    await open(page, `${cluster.url}/dashboard/${path}`)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('dialog').waitFor()

    wide.push([`${path} ${button}`, await widthOf(page, 'document.querySelector("dialog")')])
  }
  expect(wide.filter(([, width]) => width > 390)).toEqual([])
})

test('the first page loads little code, compressed, and none of the other pages', async ({
  cluster,
  browser,
  agent,
}) => {
  expect(agent.key).not.toBe('')
  const { page } = await openPage(browser)
  const scripts: { name: string; bytes: number; encoding: string | undefined }[] = []
  page.on('requestfinished', async (request) => {
    if (request.resourceType() !== 'script') return
    const [response, { responseBodySize: bytes }] = [
      await request.response(),
      await request.sizes(),
    ]
    const name = new URL(request.url()).pathname
    scripts.push({ name, bytes, encoding: response?.headers()['content-encoding'] })
  })
  await signIn(page, cluster)
  await page.waitForLoadState('networkidle')
  expect(scripts.filter(({ encoding }) => encoding !== 'gzip')).toEqual([])
  expect(scripts.filter(({ name }) => /webhook|schedule|overview|task-page/.test(name))).toEqual([])
  expect(scripts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(110_000)
})

test('who has no right to act sees no control that acts', async ({ cluster, browser, paths }) => {
  const { page } = await openPage(browser)
  await signIn(page, cluster)
  const acting =
    /^(New|Edit|Delete|Approve|Reject|Cancel|Redrive|Redeliver|Run|Send|Test|Rotate|Recover|Enable|Disable|Activate|Deactivate|Backfill)/
  const seen = async () => {
    const found: string[] = []
    for (const path of paths) {
      await open(page, `${cluster.url}/dashboard/${path}`)
      const buttons = await page.getByRole('button', { name: acting }).allInnerTexts()
      found.push(...buttons.map((text) => `${path}: ${text}`))
    }
    return found
  }
  expect((await seen()).length).toBeGreaterThan(15)
  await page.route('**/dashboard/session', async (route) => {
    const response = await route.fetch()
    const session = (await response.json()) as object
    await route.fulfill({ response, json: { ...session, scopes: [] } })
  })
  expect(await seen()).toEqual([])
})

/** The dialogs of the pages, by the button that opens them. */
function dialogs(paths: string[]): [path: string, button: string][] {
  const endpoint = paths.find((path) => path.startsWith('webhooks/')) ?? ''
  const schedule = paths.find((path) => path.startsWith('schedules/')) ?? ''
  return [
    ['webhooks', 'New endpoint …'],
    ...['Test …', 'Recover …', 'Edit …', 'Rotate secret …', 'Delete …'].map(
      (button): [string, string] => [endpoint, button],
    ),
    ['schedules', 'New schedule …'],
    ...['Backfill …', 'Edit …', 'Delete …'].map((button): [string, string] => [schedule, button]),
  ]
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('main .card').first().waitFor()
}

async function widthOf(page: Page, element: string): Promise<number> {
  return await page.evaluate<number>(`${element}.scrollWidth`)
}

/** The serious and critical faults of a page. */
async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated in the page by the debugger, so that the policy of the page does not apply.
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[]
  }>('axe.run()')
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}
