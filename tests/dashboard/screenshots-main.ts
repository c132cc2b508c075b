import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startCluster, startScriptedServer } from '@longhaul/testbed/servers'
import { buildDashboard } from '../../scripts/dashboard.ts'
import { addEndpoints, addSchedules } from './believable-events.ts'
import { answers, fillWorkspace } from './believable.ts'
import { launchBrowser, openPage, signIn } from './open-page.ts'

// `npm run screenshots`: fills a workspace and writes the main pages, light and dark, into docs/images.
const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url))
await mkdir(folder, { recursive: true })
await buildDashboard()
const tools = await startScriptedServer()
tools.reply(() => ({ delay: 640, body: { charged: 2, amount: 49, currency: 'EUR' } }))
const secret = randomBytes(32).toString('base64')
const env = { LONGHAUL_EGRESS_ALLOW: '127.0.0.1', LONGHAUL_SECRET_KEY: secret }
const cluster = await startCluster({ env })
const browser = await launchBrowser()
let endpoints: Awaited<ReturnType<typeof addEndpoints>> | undefined
try {
  cluster.model.reply(answers)
  endpoints = await addEndpoints(cluster)
  const { compared, refund } = await fillWorkspace(cluster, tools.url)
  const schedule = await addSchedules(cluster)
  await crash()
  const crashed = await latestOf('billing')
  const pages = {
    tasks: '/tasks',
    task: agentTask('purchasing', compared),
    crash: agentTask('billing', crashed),
    approval: agentTask('refunds', refund),
    inbox: '/inbox',
    failures: '/failures',
    overview: '/overview?minutes=15',
    agents: '/agents/billing',
    webhooks: '/webhooks',
    endpoint: `/webhooks/${endpoints.flaky}?type=response.failed`,
    schedules: '/schedules',
    schedule: `/schedules/billing/${schedule}`,
  }
  for (const theme of ['light', 'dark'] as const) {
    const { page } = await openPage(browser, { colorScheme: theme, deviceScaleFactor: 1 })
    await signIn(page, cluster)
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${cluster.url}/dashboard${path}`)
      await page.waitForLoadState('load')
      if (name === 'endpoint') await page.getByRole('button', { expanded: false }).first().click()
      await sleep(1_200)
      await page.screenshot({ path: `${folder}/${name}-${theme}.png` })
    }
    await page.setViewportSize({ width: 390, height: 844 })
    for (const name of ['tasks', 'task', 'endpoint', 'schedule'] as const) {
      await page.goto(`${cluster.url}/dashboard${pages[name]}`)
      await sleep(1_200)
      await page.screenshot({ path: `${folder}/${name}-phone-${theme}.png` })
    }
  }
} finally {
  await browser.close()
  await cluster.kill()
  await endpoints?.close()
  await tools.close()
}

/** A worker dies during a tool call, and another one takes its task over. */
async function crash(): Promise<void> {
  const worker = cluster.workers[0]
  const message = { role: 'user', parts: [{ kind: 'text', text: 'Charged twice: invoice 4711.' }] }
  const request = { message, background: true }
  const { body } = await cluster.call('POST', '/v2/agents/billing/responses', request)
  await sleep(900)
  await worker?.kill()
  await cluster.startWorker()
  const id = String(body['task_id'])
  await cluster.expireLeases()
  await cluster.call('GET', `/v2/agents/billing/responses/${id}?wait=60`)
}

async function latestOf(agent: string): Promise<string> {
  const { body } = await cluster.call('GET', `/v2/agents/${agent}/responses?limit=1`)
  return (body['data'] as { task_id: string }[])[0]?.task_id ?? ''
}

function agentTask(agent: string, id: string): string {
  return `/tasks/${agent}/${id}`
}
