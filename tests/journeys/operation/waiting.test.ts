import { type Cluster, startCluster, test as base } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

type Waiting = { for: string; held_by?: string[]; since: string }

const oneSlot = { LONGHAUL_CONCURRENCY: '1', LONGHAUL_DRAIN_MS: '0' }

/** A cluster without workers, and an agent whose tool needs approval. */
const test = base
  .extend('cluster', async ({ redisUrl, redis }, { onCleanup }) => {
    await redis.ping()
    const cluster = await startCluster({ redisUrl, workers: 0 })
    onCleanup(() => cluster.kill())
    return cluster
  })
  .extend('agent', async ({ cluster }) => {
    const { key } = newAgent()
    const settings = { tools: [{ type: 'current_date', requires_approval: true }] }
    await cluster.call('POST', '/v2/agents', { ...newAgent(), key, settings })
    return key
  })
  .extend('submit', ({ cluster, agent }) => async (turn: object) => {
    const path = `/v2/agents/${agent}/responses`
    const { status, body } = await cluster.call('POST', path, { background: true, ...turn })
    expect([status, body]).toEqual([200, body])
    return String(body['task_id'])
  })
  .extend('waiting', ({ cluster, agent }) => async (task: string) => {
    const { body } = await cluster.call('GET', `/v2/agents/${agent}/responses/${task}`)
    return body['waiting'] as Waiting | undefined
  })
  .extend('becomes', ({ waiting }) => async (task: string, kind: string) => {
    return await until(async () => {
      const found = await waiting(task)
      return found?.for === kind ? found : undefined
    })
  })

describe('GET tells that a turn waits for', () => {
  test('a worker, in both dialects, in lists and among the demand', async ({
    cluster,
    agent,
    submit,
    waiting,
    becomes,
  }) => {
    const path = `/v2/agents/${agent}/responses`
    const first = await submit(script({ fault: 'hang' }))
    const second = await submit(script({ text: 'done' }))
    expect(await waiting(first)).toMatchObject({ for: 'no_worker', starts: null, ahead: 0 })
    await cluster.startWorker(oneSlot)
    await until(async () => ((await waiting(first)) === undefined ? true : undefined))
    const expected = { for: 'worker', ahead: 0, message: expect.stringContaining('free slot') }
    expect(await becomes(second, 'worker')).toMatchObject(expected)
    const { body: response } = await cluster.call('GET', `/v1/responses/resp_${second}0001`)
    expect(response).toMatchObject({ waiting: expected })
    for (const list of [path, '/v2/responses']) {
      const { body } = await cluster.call('GET', list)
      const [item, other] = body['data'] as Record<string, unknown>[]
      const short = { for: 'worker', since: expect.any(String), starts: null }
      expect(item).toMatchObject({ task_id: second })
      expect(item?.['waiting']).toEqual(short)
      expect(other).not.toHaveProperty('waiting')
    }
    const { body: scale } = await cluster.call('GET', '/v2/admin/scale')
    expect(scale).toMatchObject({ demand: 2, running: 1, startable: 1, queued: 1, slots: 1 })
  })

  test('the end of a pause, which is no demand', async ({ cluster, submit, waiting }) => {
    await cluster.startWorker(oneSlot)
    await cluster.call('POST', '/v2/admin/pause')
    const task = await submit(script({ text: 'done' }))
    expect(await waiting(task)).toMatchObject({ for: 'paused' })
    const { body } = await cluster.call('GET', '/v2/admin/scale')
    expect(body).toMatchObject({ demand: 0, queued: 1, blocked: { paused: 1, repair: 0 } })
    await cluster.call('POST', '/v2/admin/resume')
    await until(async () => ((await waiting(task)) === undefined ? true : undefined))
  })

  test('a reviewer, a provider or a sub-agent, and the log has the reason', async ({
    cluster,
    agent,
    submit,
    becomes,
  }) => {
    await cluster.startWorker({ LONGHAUL_DRAIN_MS: '0' })
    const reviewed = await submit(
      script({ calls: [{ id: 'c1', name: 'current_date', arguments: {} }] }),
    )
    expect(await becomes(reviewed, 'approval')).toMatchObject({ starts: null })
    const calmDown = { status: 429, headers: { 'retry-after': '300' }, body: {} }
    const refused = await submit(script(calmDown))
    expect(await becomes(refused, 'provider_retry')).toMatchObject({ starts: expect.any(String) })

    const leader = await leaderOf(cluster, agent)
    const message = JSON.stringify({ script: [{ fault: 'hang' }] })
    const call = { id: 'c1', name: 'call_sub_agent', arguments: { agent_key: agent, message } }
    const path = `/v2/agents/${leader}/responses`
    const turn = { background: true, ...script({ calls: [call] }) }
    const parent = String((await cluster.call('POST', path, turn)).body['task_id'])
    const read = async () => (await cluster.call('GET', `${path}/${parent}`)).body['waiting']
    const delegated = await until(async () => {
      const found = (await read()) as Waiting | undefined
      return found?.for === 'sub_agent' ? found : undefined
    })
    expect(delegated.held_by).toHaveLength(1)
    const child = await cluster.call(
      'GET',
      `/v2/agents/${agent}/responses/${delegated.held_by?.[0]}`,
    )
    expect(child.body).toMatchObject({ metadata: { parent_task_id: parent } })

    for (const [task, of, kind] of [
      [reviewed, agent, 'approval'],
      [refused, agent, 'provider_retry'],
      [parent, leader, 'sub_agent'],
    ]) {
      const { body } = await cluster.call('GET', `/v2/agents/${of}/responses/${task}/log`)
      expect(body['data']).toContainEqual(
        expect.objectContaining({ type: 'turn.parked', for: kind }),
      )
    }
  })
})

async function leaderOf(cluster: Cluster, agent: string): Promise<string> {
  const key = newKey('leader')
  await cluster.call('POST', '/v2/agents', {
    ...newAgent(),
    key,
    team_of_agents: [{ key: agent, role: 'knows it' }],
    settings: { tools: [{ type: 'retrieve_agents' }, { type: 'call_sub_agent' }] },
  })
  return key
}
