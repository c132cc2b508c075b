import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '@longhaul/testbed/servers'
import type { Page } from 'playwright-core'
import { buildDashboard } from '../../../scripts/dashboard.ts'
import { launchBrowser, openPage, signIn } from '../../dashboard/open-page.ts'
import type { Bounds } from '../bounds.ts'
import type { Bench } from '../report.ts'
import { createAgent } from '../product.ts'

type Sizes = { tasks: number; calls: number; liveSeconds: number; from: number }

/**
 * The dashboard in a real browser: the first rows of a long list, a task with many facts, a stream of 200 tokens a
 * second, and its memory in a live view. Only the memory has a bound: the other figures depend on the machine.
 */
export const dashboard: Bench = async ({ quick, progress }): Promise<Bounds> => {
  const sizes = quick
    ? { tasks: 100, calls: 100, liveSeconds: 20, from: 5 }
    : { tasks: 5_000, calls: 5_000, liveSeconds: 600, from: 120 }
  await buildDashboard()
  const cluster = await startCluster()
  const browser = await launchBrowser()
  try {
    await createAgent(cluster.url, { key: cluster.key })
    progress(`submits ${sizes.tasks} tasks`)
    await submitTasks(cluster, sizes.tasks)
    const { page } = await openPage(browser)
    await signIn(page, cluster)
    const rows = await firstRows(page, cluster.url)
    const facts = await manyFacts(page, cluster, sizes)
    progress('watches a stream')
    const live = await liveView(page, cluster, sizes)
    return {
      bounds: [
        { what: 'first rows, ms', values: rows, share: 0.5, atMost: Infinity },
        { what: 'a task with many facts, ms', values: [facts], share: 0.5, atMost: Infinity },
        {
          what: 'longest task in a stream, ms',
          values: live.longTasks,
          share: 1,
          atMost: Infinity,
        },
        { what: 'heap at the end, % of that before', values: [live.growth], share: 1, atMost: 110 },
      ],
      faults: [],
      notes: [
        `${sizes.tasks} tasks in the list, ${2 * sizes.calls} facts in the task, ` +
          `${sizes.liveSeconds} s of 200 tokens a second`,
      ],
    }
  } finally {
    await browser.close()
    await cluster.kill()
  }
}

type Cluster = Awaited<ReturnType<typeof startCluster>>

async function submitTasks(cluster: Cluster, tasks: number): Promise<void> {
  const message = { role: 'user', parts: [{ kind: 'text', text: 'Hello.' }] }
  const body = { message, background: true }
  let left = tasks
  const lane = async () => {
    while (left-- > 0) await cluster.call('POST', '/v2/agents/bench/responses', body)
  }
  await Promise.all(Array.from({ length: 16 }, lane))
}

/** Milliseconds from the navigation to the first rows, five times. */
async function firstRows(page: Page, url: string): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const began = performance.now()
    await page.goto(`${url}/dashboard/tasks`)
    await page.getByRole('listitem').filter({ hasText: 'bench' }).first().waitFor()
    times.push(performance.now() - began)
  }
  return times
}

/** Milliseconds from the navigation to a task with many facts to its last fact in the log. */
async function manyFacts(page: Page, cluster: Cluster, { calls }: Sizes): Promise<number> {
  const each = 100
  const replies = Array.from({ length: Math.ceil(calls / each) }, () => ({
    calls: Array.from({ length: each }, (_, at) => ({
      id: `c${at}`,
      name: 'current_date',
      arguments: {},
    })),
  }))
  const id = await scripted(cluster, 'facts', [...replies, { text: 'Done.' }])
  await cluster.call('GET', `/v2/agents/facts/responses/${id}?wait=60`)
  const began = performance.now()
  await page.goto(`${cluster.url}/dashboard/tasks/facts/${id}`)
  await page.getByRole('tab', { name: 'Log' }).click()
  await page.getByRole('group', { name: 'Facts' }).waitFor()
  await page.getByText('turn.started').waitFor()
  return performance.now() - began
}

async function scripted(cluster: Cluster, key: string, replies: object[]): Promise<string> {
  const agent = {
    key,
    path: 'Default',
    role: key,
    description: key,
    instructions: key,
    model: 'openai/scripted',
    settings: { tools: [{ type: 'current_date' }], max_iterations: 100 },
  }
  await cluster.call('POST', '/v2/agents', agent)
  const text = JSON.stringify({ script: replies })
  const message = { role: 'user', parts: [{ kind: 'text', text }] }
  const body = { message, background: true }
  const reply = await cluster.call('POST', `/v2/agents/${key}/responses`, body)
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body))
  return String(reply.body['task_id'])
}

type Live = { longTasks: number[]; growth: number }

/** Watches a stream of 200 tokens a second, and compares the heap at the end with that after `from` seconds. */
async function liveView(page: Page, cluster: Cluster, sizes: Sizes): Promise<Live> {
  const { liveSeconds, from } = sizes
  const text = Array.from({ length: 200 * (liveSeconds + 10) }, (_, at) => `token${at} `)
  const id = await scripted(cluster, 'live', [{ text, chunkDelay: 5 }])
  await page.goto(`${cluster.url}/dashboard/tasks/live/${id}`)
  await page.getByRole('region', { name: 'The model writes' }).waitFor()
  await watchLongTasks(page)
  await sleep(from * 1_000)
  const before = await heapOf(page)
  await sleep((liveSeconds - from) * 1_000)
  const after = await heapOf(page)
  const longTasks = await page.evaluate<number[]>('globalThis.longTasks')
  await cluster.call('POST', `/v2/agents/live/responses/${id}/cancel`)
  return { longTasks: [0, ...longTasks], growth: (after / before) * 100 }
}

async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.longTasks = []
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration)
    }).observe({ type: 'longtask' })
  `)
}

/** The bytes of the page's heap after a collection. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}
