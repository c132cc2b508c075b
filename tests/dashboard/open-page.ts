import { bringBrowser } from '@longhaul/provision'
import type { Cluster } from '@longhaul/testbed/servers'
import { type Browser, chromium, type Page } from 'playwright-core'

/** A page of the dashboard, and what its browser complained about. */
export type OpenPage = { page: Page; complaints: string[] }

/** Whether a Chromium is at hand or can be had. The short lane has one journey, which is left out without it. */
export async function hasBrowser(): Promise<boolean> {
  const found = await bringBrowser().catch((error: unknown) => console.error(error))
  if (found === undefined) console.error('longhaul: no Chromium can be had: a journey is left out')
  return found !== undefined
}

/**
 * Starts the Chromium of this machine. Rejects where there is none: the tests of the dashboard say so, instead of
 * passing without a browser.
 */
export async function launchBrowser(): Promise<Browser> {
  const found = await bringBrowser()
  if (found === undefined) {
    throw new Error('these tests need Chromium: set CHROME_PATH, or install the package chromium')
  }
  return await chromium.launch({
    executablePath: found.program,
    env: { ...process.env, ...found.env },
    // A container without user namespaces cannot have the sandbox of the browser.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
}

/** Opens a page of its own session. A violation of the content security policy is a complaint, and so is an error. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(100_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('console', (line) => {
    const text = line.text()
    if (/Content Security Policy/i.test(text)) complaints.push(`policy: ${text}`)
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, complaints }
}

/** Signs in with a link of the workspace, as `npm start` prints it. */
export async function signIn(page: Page, cluster: Pick<Cluster, 'url' | 'call'>): Promise<void> {
  const { body } = await cluster.call('POST', '/v2/sign-in-links')
  await page.goto(cluster.url + String(body['url']))
  await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor()
}
