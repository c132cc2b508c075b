import { startCluster, test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script, user } from '../../support/orq-requests.ts'
import { begin, typesOf, watch } from '../../support/event-streams.ts'

test('a caller that waits during a shutdown receives the id of its task', async ({
  redis,
  redisUrl,
}) => {
  expect(await redis.dbsize()).toBe(0)
  const cluster = await startCluster({ redisUrl, env: { LONGHAUL_DRAIN_MS: '20000' } })
  try {
    const agent = newAgent()
    await cluster.call('POST', '/v2/agents', { ...agent, model: 'openai/scripted' })
    cluster.model.reply([{ fault: 'hang' }])
    const call = cluster.call('POST', `/v2/agents/${agent.key}/responses`, user('take your time'))
    await expect.poll(() => cluster.model.requests.length).toBe(1)
    const [{ status, body }, code] = await Promise.all([call, cluster.api.stop()])
    // The turn continues meanwhile.
    expect(cluster.model.requests).toMatchObject([{ status: 'open' }])
    expect([status, code]).toEqual([504, 0])
    expect(body).toMatchObject({
      task_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      error: { code: 'wait_expired' },
    })
  } finally {
    await cluster.kill()
  }
})

test('a shutdown ends watches and waits at once, and they continue at another API', async ({
  redis,
  redisUrl,
}) => {
  expect(await redis.dbsize()).toBe(0)
  const cluster = await startCluster({ redisUrl, env: { LONGHAUL_DRAIN_MS: '20000' } })
  try {
    const going = await cluster.startApi({ LONGHAUL_DRAIN_MS: '20000' })
    const agent = newAgent()
    await cluster.call('POST', '/v2/agents', { ...agent, model: 'openai/scripted' })
    const path = `/v2/agents/${agent.key}/responses`
    const task = await begin(cluster, path, script({ delay: 2_500, text: 'late' }))
    const watching = watch(cluster, { url: going.url, path: `${path}/${task}/events` })
    const headers = { authorization: `Bearer ${cluster.key}` }
    const waiting = fetch(`${going.url}${path}/${task}?wait=60`, { headers })
    await expect.poll(() => watchersOf(going.url)).toBe('2')
    expect(await going.stop()).toBe(0)
    const first = await watching
    expect([typesOf(first.events), first.done]).toEqual([['response.started'], false])
    expect(await (await waiting).json()).toMatchObject({ status: 'in_progress' })
    const lastEventId = first.events[0]?.id ?? 0
    const rest = await watch(cluster, {
      url: cluster.url,
      path: `${path}/${task}/events`,
      lastEventId,
    })
    expect(typesOf(rest.events)).toEqual(['part.delta', 'part.done', 'response.done'])
  } finally {
    await cluster.kill()
  }
})

test('a shutdown ends the stream of a POST, which is resumed at another API, in both dialects', async ({
  redis,
  redisUrl,
}) => {
  expect(await redis.dbsize()).toBe(0)
  const cluster = await startCluster({ redisUrl, env: { LONGHAUL_DRAIN_MS: '20000' } })
  try {
    const agent = newAgent()
    await cluster.call('POST', '/v2/agents', agent)
    const path = `/v2/agents/${agent.key}/responses`
    const late = script({ delay: 2_500, text: 'late' })
    const input = late.message.parts.map((part) => ('text' in part ? part.text : '')).join('')
    const posts = [
      { path, cut: false, turn: late, resumed: (id: string) => `${path}/${id}/events?after=0` },
      {
        path: '/v1/responses',
        cut: true,
        turn: { model: `agent/${agent.key}`, input },
        resumed: (id: string) => `/v1/responses/${id}?stream=true`,
      },
    ]
    const headers = {
      authorization: `Bearer ${cluster.key}`,
      'content-type': 'application/json',
    }
    for (const post of posts) {
      const going = await cluster.startApi({ LONGHAUL_DRAIN_MS: '20000' })
      const body = JSON.stringify({ ...post.turn, stream: true })
      const stream = await fetch(going.url + post.path, { method: 'POST', headers, body })
      const reading = readAll(stream)
      await expect.poll(() => watchersOf(going.url)).toBe('1')
      expect(await going.stop()).toBe(0)
      // The stream ends without the final events and the marker of an ended turn. Clients of OpenAI Responses take a
      // clean end for the end of the response.
      const { text: begun, cut } = await reading
      expect(cut).toBe(post.cut)
      expect(begun).not.toMatch(/late|\[DONE\]/)
      const id = /"(?:response_id|responseId|id)":"(resp_\w+)"/.exec(begun)?.[1] ?? ''
      const resumed = await fetch(cluster.url + post.resumed(id), { headers })
      const whole = await resumed.text()
      expect(whole.startsWith(begun)).toBe(true)
      expect(whole).toMatch(/late[^]*\[DONE\]/)
    }
  } finally {
    await cluster.kill()
  }
})

/** The text of a stream, and whether its connection was cut. */
async function readAll({ body }: Response): Promise<{ text: string; cut: boolean }> {
  let text = ''
  try {
    for await (const chunk of body ?? []) text += Buffer.from(chunk).toString()
    return { text, cut: false }
  } catch {
    return { text, cut: true }
  }
}

async function watchersOf(url: string): Promise<string | undefined> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return /longhaul_watchers (\d+)/.exec(metrics)?.[1]
}
