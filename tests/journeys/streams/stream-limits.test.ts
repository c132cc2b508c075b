import { limits } from '@longhaul/core'
import { workerTest } from '@longhaul/testbed'
import { Orq } from '@orq-ai/node'
import OpenAI from 'openai'
import { expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { user } from '../../support/orq-requests.ts'
import { begin } from '../../support/event-streams.ts'

const { perKey, perToken } = limits.streams

/** An API without a worker: submitted turns wait. */
const test = workerTest.extend('workspace', { scope: 'file' }, async ({ lent }) => {
  await lent.call('POST', '/v2/agents', { ...newAgent(), key: 'held' })
  return lent
})

const path = '/v2/agents/held/responses'

async function openStreams(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^longhaul_open_streams (\d+)$/m.exec(text)?.[1])
}

test('a key with 1,000 waiting requests gets 429 for further waits, and other requests work', async ({
  cluster,
}) => {
  const headers = { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' }
  const task = await begin(cluster, path, user('wait'))
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const before = await openStreams(cluster.url)
  const waits = Array.from({ length: perKey }, () =>
    fetch(`${cluster.url}${path}/${task}?wait=60`, { headers, signal: gone.signal }).catch(
      () => {},
    ),
  )
  await expect.poll(() => openStreams(cluster.url)).toBe(before + perKey)

  const ask = async (method: string, at: string, body?: object) => {
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const reply = await fetch(cluster.url + at, init)
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }
  const open = { model: 'agent/held', input: 'hello' }
  const refused = [
    await ask('POST', path, user('hello')),
    await ask('POST', path, { ...user('hello'), stream: true }),
    await ask('POST', '/v1/responses', open),
    await ask('POST', '/v1/responses', { ...open, stream: true }),
    await ask('POST', path, open),
    await ask('GET', `${path}/${task}/events`),
    await ask('GET', `${path}/${task}?wait=1`),
    await ask('GET', `${path}/${task}/log?wait=1`),
    await ask('GET', `/v1/responses/resp_${task}0001?stream=true`),
    await ask('GET', `/v1/responses/resp_${task}0001?wait=1`),
    await ask('GET', `/v1/responses/resp_${task}0001?wait=1&format=orq`),
    await ask('POST', `${path}/${task}/cancel?wait=1`),
  ]
  for (const { status, body } of refused) {
    expect([status, body]).toMatchObject([
      429,
      { violated_policies: ['streams'], error: { code: 'rate_limited' } },
    ])
  }
  const openai = new OpenAI({ baseURL: `${cluster.url}/v1`, apiKey: cluster.key, maxRetries: 0 })
  await expect(openai.responses.create(open)).rejects.toMatchObject({
    status: 429,
    code: 'rate_limited',
    type: 'rate_limit_error',
  })
  const orq = new Orq({ serverURL: cluster.url, apiKey: cluster.key })
  await expect(orq.agents.responses.create(user('hello'), 'held')).rejects.toMatchObject({
    statusCode: 429,
    body: expect.stringContaining('"violated_policies":["streams"]'),
  })
  const listed = await ask('GET', path)
  expect(listed.body['data']).toHaveLength(1)
  expect((await ask('GET', `${path}/${task}`)).body).toMatchObject({ status: 'in_progress' })
  await begin(cluster, path, user('in the background'))

  gone.abort()
  await Promise.all(waits)
  await expect.poll(() => openStreams(cluster.url)).toBe(before)
  expect((await ask('GET', `${path}/${task}?wait=0.01`)).status).toBe(200)
})

test('a watch token opens 20 streams at a time', async ({ cluster }) => {
  const task = await begin(cluster, path, user('wait'))
  const { body } = await cluster.call('POST', `${path}/${task}/watch-token`)
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const watch = async () => await fetch(cluster.url + String(body['url']), { signal: gone.signal })
  for (let n = 0; n < perToken; n += 1) expect((await watch()).status).toBe(200)
  const refused = await watch()
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { violated_policies: ['streams'] },
  ])
  expect((await cluster.call('GET', `${path}/${task}?wait=0.01`)).status).toBe(200)
  gone.abort()
  await expect.poll(() => openStreams(cluster.url)).toBe(0)
  await begin(cluster, path, user('another'))
})

test('a workspace may have so many streams open in all API processes together', async ({
  cluster,
}) => {
  const limitsPath = `/v2/admin/workspaces/${cluster.workspace}/limits`
  expect((await cluster.call('PATCH', limitsPath, { streams: 4 })).status).toBe(200)
  onTestFinished(async () => void (await cluster.call('PATCH', limitsPath, { streams: null })))
  const { url: other } = await cluster.startApi()
  const task = await begin(cluster, path, user('wait'))
  const headers = { authorization: `Bearer ${cluster.key}` }
  const watch = async (url: string, gone: AbortController) =>
    await fetch(`${url}${path}/${task}/events`, { headers, signal: gone.signal })
  const [here, there] = [new AbortController(), new AbortController()]
  onTestFinished(() => [here, there].forEach((gone) => gone.abort()))
  for (const [url, gone] of [
    [cluster.url, here],
    [other, there],
  ] as const) {
    for (let at = 0; at < 2; at += 1) expect((await watch(url, gone)).status).toBe(200)
  }

  /** Whether both processes permit one more, once each knows of the streams of the other. */
  const permitted = async () => {
    const more = new AbortController()
    const replies = [await watch(cluster.url, more)]
    more.abort()
    const again = new AbortController()
    replies.push(await watch(other, again))
    again.abort()
    return replies.map(({ status }) => status)
  }
  await expect.poll(permitted).toEqual([429, 429])
  here.abort()
  await expect.poll(permitted).toEqual([200, 200])
})
