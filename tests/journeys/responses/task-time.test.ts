import { expect } from 'vitest'
import { script, user } from '../../support/orq-requests.ts'
import { test } from '../../support/orq-test.ts'

type Part = { for: string; from: string; ms: number; name?: string }
type Time = { live: boolean; ms: number; totals: { for: string; ms: number }[]; parts?: Part[] }
type Entry = { type: string; at: string; first_output_ms?: number }

test('the time of a task is explained to the millisecond', async ({ cluster, agent }) => {
  const path = `/v2/agents/${agent}/responses`
  const turn = script([{ status: 503 }, { calls: [{ name: 'nothing', id: 'a', arguments: {} }] }], {
    delay: 5,
    text: ['It ', 'is ', 'done.'],
    chunkDelay: 5,
  })
  const { body } = await cluster.call('POST', path, turn)
  const task = String(body['task_id'])
  const read = async (query = '') =>
    (await cluster.call('GET', `${path}/${task}/time${query}`)).body as unknown as Time
  const { live, ms, totals, parts = [] } = await read()
  const log = (await cluster.call('GET', `${path}/${task}/log`)).body['data'] as Entry[]
  const times = log.map(({ at }) => Date.parse(at))
  expect(live).toBe(false)
  expect(ms).toBe(Math.max(...times) - Math.min(...times))
  expect(sum(totals)).toBe(ms)
  expect(sum(parts)).toBe(ms)
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1]
    if (next) expect(Date.parse(part.from) + part.ms).toBe(Date.parse(next.from))
  }
  expect(parts.map((part) => part.for)).toContain('model_failed')
  expect(parts.some((part) => part.for.startsWith('model_') && part.name !== undefined)).toBe(true)
  expect(log.at(-2)).toMatchObject({ first_output_ms: expect.any(Number) })
  expect(await read('?parts=false')).not.toHaveProperty('parts')
})

test('a workspace redrives its own failed tasks, once, and no others', async ({
  cluster,
  agent,
}) => {
  const path = `/v2/agents/${agent}/responses`
  cluster.model.reply([{ status: 400 }, { text: 'Now it works.' }])
  const failed = await cluster.call('POST', path, user('Hello.'))
  expect(failed.status).toBe(502)
  const task = String(failed.body['task_id'])
  const stranger = await fetch(`${cluster.url}${path}/${task}/redrive`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.strangersKey}` },
  })
  expect(stranger.status).toBe(404)
  const redriven = await cluster.call('POST', `${path}/${task}/redrive`)
  expect(redriven).toMatchObject({ status: 202, body: { task_id: task } })
  expect(await cluster.call('POST', `${path}/${task}/redrive`)).toEqual(redriven)
  const ended = await cluster.call('GET', `${path}/${task}?wait=60`)
  expect(ended.body).toMatchObject({ status: 'completed' })
  const again = await cluster.call('GET', `${path}/${task}/time?parts=false`)
  const { totals, ms } = again.body as unknown as Time
  expect(sum(totals)).toBe(ms)
})

function sum(list: { ms: number }[]): number {
  return list.reduce((total, { ms }) => total + ms, 0)
}
