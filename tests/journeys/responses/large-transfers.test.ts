import {
  jobId,
  limits,
  type NewFact,
  noAgent,
  parseResponseId,
  responseId,
  type Submission,
} from '@longhaul/core'
import { connect, createTaskStore, taskKeys } from '@longhaul/redis'
import {
  callWith,
  type Cluster,
  redisForm,
  startFaultProxy,
  startStallProxy,
  volume,
  workerTest as test,
} from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { ulid } from 'ulid'
import { beforeEach, describe, expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'

const KB = 1024

/** Results of 15 KB, one for each call of a turn. */
const results = volume({ short: 400, long: 3_300 })

beforeEach(({ skip }) => skip(redisForm !== 'server', 'its proxies lead to one server'))

describe('a turn with a large log', () => {
  test('is returned completely, while the process serves other requests', async ({ cluster }) => {
    const { proxy, call } = await behindStallProxy(cluster)
    const id = await recordLargeTurn(cluster)

    proxy.stall(true)
    let isRead = false
    const reading = call('GET', `/v1/responses/${id}`).finally(() => (isRead = true))
    await expect.poll(() => proxy.held()).toBe(true)
    for (let times = 0; times < 5; times += 1) {
      expect(await call('GET', '/v2/agents?limit=1')).toMatchObject({ status: 200 })
      expect(await call('GET', `/v2/responses?limit=1`)).toMatchObject({ status: 200 })
    }
    expect(isRead).toBe(false)

    proxy.stall(false)
    const { status, body } = await reading
    expect(status).toBe(200)
    expect(body).toMatchObject({ id, status: 'completed', output: { length: results } })
  })

  test('is loaded for one reply per key at a time, if it needs the whole capacity of a key', async ({
    cluster,
  }) => {
    const { proxy, call } = await behindStallProxy(cluster)
    const id = await recordLargeTurn(cluster)
    const redis = connect(cluster.redisUrl, { role: 'work', onError: () => {} })
    onTestFinished(() => redis.disconnect())
    const { head } = taskKeys(parseResponseId(id)?.taskId ?? '')
    await redis.hset(head, 'bytes', limits.bytesInFlight.perKey + 1)

    proxy.stall(true)
    const reading = call('GET', `/v1/responses/${id}`)
    await expect.poll(() => proxy.held()).toBe(true)
    const refused = { status: 429, body: { violated_policies: ['bytes_in_flight'] } }
    expect(await call('GET', `/v1/responses/${id}`)).toMatchObject(refused)
    expect(await call('POST', `/v1/responses/${id}/cancel`)).toMatchObject(refused)

    proxy.stall(false)
    expect(await reading).toMatchObject({ status: 200 })
    expect(await call('GET', `/v1/responses/${id}`)).toMatchObject({ status: 200 })
  })
})

describe('a fork of a large conversation', () => {
  test('is loaded for one request per key at a time, if it needs more than half of the capacity of a key; a refused one leaves nothing', async ({
    cluster,
  }) => {
    const { proxy, url, call } = await behindStallProxy(cluster)
    const id = await recordLargeTurn(cluster, { count: 1, text: 'x'.repeat(5_000 * KB) })
    const redis = connect(cluster.redisUrl, { role: 'work', onError: () => {} })
    onTestFinished(() => redis.disconnect())
    const { head } = taskKeys(parseResponseId(id)?.taskId ?? '')
    await redis.hset(head, 'bytes', limits.bytesInFlight.perKey / 2 + 1)
    const body = { model: 'openai/scripted', input: 'Go on', background: true }
    const fork = (key: string) =>
      postWith(url, {
        path: '/v1/responses',
        apiKey: cluster.key,
        key,
        body: { ...body, previous_response_id: id },
      })
    const tasks = async () => (await cluster.call('GET', '/v2/responses')).body['data']

    proxy.stall(true)
    const first = fork('the-first')
    await expect.poll(() => proxy.held()).toBe(true)
    const before = await tasks()
    const refused = { status: 429, body: { violated_policies: ['bytes_in_flight'] } }
    expect(await fork('the-second')).toMatchObject(refused)
    expect(await call('GET', `/v1/responses/${id}/input_items`)).toMatchObject(refused)
    expect(await tasks()).toEqual(before)

    proxy.stall(false)
    const forked = await first
    expect(forked).toMatchObject({ status: 200, body: { previous_response_id: id } })
    expect(await fork('the-second')).toMatchObject({ status: 200 })

    // A repeat loads the copied messages of the fork.
    const fresh = parseResponseId(String(forked.body['id']))?.taskId ?? ''
    const shard = fresh.charAt(10)
    const size = await redis.hget(`{lh:s${shard}}:task:${fresh}`, 'bytes')
    expect(Number(size)).toBeGreaterThan(limits.large)
    await redis.hset(head, 'bytes', limits.bytesInFlight.perKey - 1_000 * KB)
    proxy.stall(true)
    const reading = call('GET', `/v1/responses/${id}`)
    await expect.poll(() => proxy.held()).toBe(true)
    expect(await fork('the-first')).toMatchObject(refused)
    proxy.stall(false)
    expect(await reading).toMatchObject({ status: 200 })
    expect(await fork('the-first')).toMatchObject({ status: 200, body: { id: forked.body['id'] } })
  })
})

test('the list of models loads no agent', async ({ cluster }) => {
  const { proxy, call } = await behindStallProxy(cluster)
  const instructions = 'x'.repeat(250 * KB)
  const keys: string[] = []
  for (let made = 0; made < 8; made += 1) {
    const agent = { ...newAgent(), instructions }
    expect(await cluster.call('POST', '/v2/agents', agent)).toMatchObject({ status: 201 })
    keys.unshift(`agent/${agent.key}`)
  }
  const before = proxy.moved()
  const { status, body } = await call('GET', '/v1/models')
  const after = proxy.moved()
  expect(status).toBe(200)
  expect((body['data'] as { id: string }[]).map(({ id }) => id).slice(0, 8)).toEqual(keys)
  expect(after.named - before.named).toBe(0)
  expect(after.others - before.others).toBeLessThan(100 * KB)
})

describe('a submit that gets no answer from the store', () => {
  test('names the task that may have begun, if the command was sent', async ({ cluster }) => {
    const { call, loseReply } = await behindFaultProxy(cluster)
    const { key } = newAgent()
    await cluster.call('POST', '/v2/agents', { ...newAgent(), key })
    const path = `/v2/agents/${key}/responses`
    expect(await call('POST', path, hello)).toMatchObject({ status: 200 })

    loseReply('"turn.started"')
    const { status, body } = await call('POST', path, hello)
    expect({ status, body }).toMatchObject({
      status: 503,
      body: {
        message: expect.stringMatching(/may have been accepted.*look for it with GET/),
        error: { code: 'unavailable' },
      },
    })
    const task = await cluster.call('GET', `${path}/${String(body['task_id'])}`)
    expect(task).toMatchObject({ status: 200, body: { task_id: body['task_id'] } })
  })

  test('begins no second task when it is sent again under its key', async ({ cluster }) => {
    const { url, call, loseReply } = await behindFaultProxy(cluster)
    const { key } = newAgent()
    await cluster.call('POST', '/v2/agents', { ...newAgent(), key })
    const path = `/v2/agents/${key}/responses`
    expect(await call('POST', path, hello)).toMatchObject({ status: 200 })

    loseReply('"turn.started"')
    const same = { path, apiKey: cluster.key, key: 'the-same', body: hello }
    const lost = await postWith(url, same)
    expect(lost).toMatchObject({ status: 503, body: { task_id: expect.any(String) } })
    const again = await postWith(cluster.url, same)
    expect(again).toMatchObject({ status: 200, body: { task_id: lost.body['task_id'] } })
  })

  test('reports that nothing was accepted, and names no task, if nothing was sent', async ({
    cluster,
  }) => {
    const { call, proxy } = await behindFaultProxy(cluster)
    await proxy.close()
    const path = `/v2/agents/${newAgent().key}/responses`
    await expect.poll(async () => (await call('POST', path, hello)).status).toBe(503)
    const { body } = await call('POST', path, hello)
    expect(body).toMatchObject({ message: expect.stringContaining('Nothing was') })
    expect(body).not.toHaveProperty('task_id')
  })
})

test('a cancel without an answer from the store reports that a repeat is safe, and it is', async ({
  cluster,
}) => {
  const { call, loseReply } = await behindFaultProxy(cluster)
  const { key } = newAgent()
  await cluster.call('POST', '/v2/agents', { ...newAgent(), key })
  const path = `/v2/agents/${key}/responses`
  const task = String((await call('POST', path, hello)).body['task_id'])
  loseReply('"cancel.requested"')
  expect(await call('POST', `${path}/${task}/cancel`)).toMatchObject({
    status: 503,
    body: { message: expect.stringContaining('Cancel it again') },
  })
  expect(await cluster.call('POST', `${path}/${task}/cancel`)).toMatchObject({ status: 200 })
})

const hello = { background: true, message: { role: 'user', parts: [{ kind: 'text', text: 'hi' }] } }

/** A further API process, whose connection for large values can be stalled. */
async function behindStallProxy(cluster: Cluster) {
  const proxy = await startStallProxy(cluster.redisUrl, 'longhaul-bulk')
  onTestFinished(() => proxy.close())
  const api = await cluster.startApi({ REDIS_URL: proxy.url })
  return { proxy, url: api.url, call: callWith(api.url, cluster.key) }
}

/** A request under an `Idempotency-Key`. */
async function postWith(
  url: string,
  { path, apiKey, key, body }: { path: string; apiKey: string; key: string; body: object },
) {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  }
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** A further API process, one reply to which can be lost. */
async function behindFaultProxy(cluster: Cluster) {
  const proxy = await startFaultProxy(cluster.redisUrl)
  onTestFinished(() => proxy.close())
  const { url } = await cluster.startApi({ REDIS_URL: proxy.url.replace(/\/$/, '') })
  const loseReply = (text: string) => proxy.set({ text, when: 'after', spring: () => {} })
  return { proxy, url, call: callWith(url, cluster.key), loseReply }
}

/** Records a turn with many results; resolves with its response's id. */
async function recordLargeTurn(
  { redisUrl, workspace }: Cluster,
  { count = results, text = 'hi' } = {},
): Promise<string> {
  const redis = new Redis(redisUrl)
  onTestFinished(() => redis.disconnect())
  const store = createTaskStore(redis)
  const time = ulid().slice(0, 10)
  const taskId = `${time}0${ulid().slice(11)}`
  await store.submit(submission(taskId, workspace, text))
  const turn = { taskId, turn: 1 }
  const claim = await store.claim(turn, 'a1', 60_000)
  if (claim.outcome !== 'claimed') throw new Error(`${jobId(taskId, 1)}: ${claim.outcome}`)
  const attempt = { ...turn, attempt: 'a1' }
  const result = 'x'.repeat(15 * KB)
  let [ordinal, folded] = [0, claim.length]
  for (let done = 0; done < count; done += 100) {
    const facts = Array.from({ length: Math.min(100, count - done) }, (_, at): NewFact[] => {
      const call = { callId: `c${done + at}`, toolId: 't' }
      return [
        { type: 'tool.called', ...call, name: 'n', arguments: {} },
        { type: 'tool.returned', ...call, result, ms: 1 },
      ]
    }).flat()
    ordinal += 1
    folded += facts.length
    await store.append({ ...attempt, ordinal, facts })
  }
  await store.append({
    ...attempt,
    ordinal: ordinal + 1,
    facts: [{ type: 'turn.completed', reason: 'stop', pending: [] }],
    end: {
      folded,
      status: 'completed',
      result: { model: 'x/y', text: '', pending: [], calls: [], reason: 'stop' },
    },
  })
  return responseId(taskId, 1)
}

function submission(taskId: string, workspace: string, text: string): Submission {
  return {
    taskId,
    workspace,
    agentId: noAgent,
    requestId: 'r',
    after: 0,
    deadlineMs: 600_000,
    retentionMs: 600_000,
    started: {
      plan: 'p',
      model: 'x/y',
      message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text }] },
      assistantMessageId: 'am',
      traceId: 't',
      spanId: 's',
    },
  }
}
