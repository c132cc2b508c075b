import { type AppProcess, callWith, type Cluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import {
  completed,
  dateCall,
  failure,
  often,
  path,
  read,
  scripted,
  submit,
  test,
} from '../plain.fixture.ts'

const first = { text: 'one', calls: [dateCall] }
const calmDown = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { error: { message: 'calm down' } },
})

test('a turn with a long wait for its provider waits without a worker, and continues by itself', async ({
  cluster,
}) => {
  const patient = { ...often, LONGHAUL_MODEL_PATIENCE: '15s' }
  const worker = await cluster.startWorker(patient)
  const task = await submit(cluster, [first, [calmDown(11), { text: 'two' }]])
  // The second pause would end after 22 seconds.
  const hopeless = await submit(cluster, [calmDown(11)])
  await untilParked(worker, 2)
  expect(await metric(worker, 'longhaul_turns_running')).toBe(0)
  expect(await read(cluster, task)).toMatchObject({ status: 'in_progress' })

  // No worker holds the turn: its worker may shut down, and another one takes it when the time has come.
  await worker.kill()
  await cluster.startWorker(patient)
  await completed(cluster, task)
  const requests = askedBy(cluster, task)
  const keys = requests.map(({ idempotencyKey = '' }) => idempotencyKey.replace(/^.*\./, ''))
  expect(keys).toEqual(['1', '2', '2'])
  expect((requests[2]?.at ?? 0) - (requests[1]?.at ?? 0)).toBeGreaterThanOrEqual(11_000)

  // The death of its worker does not extend the patience.
  expect(await failure(cluster, hopeless)).toMatch(
    /^provider_failed: .* is repeated for at most 15 s/,
  )
  expect(askedBy(cluster, hopeless)).toHaveLength(2)
})

test('a turn with a synchronous caller retries a call only while the caller waits', async ({
  cluster,
}) => {
  const [api] = await Promise.all([
    cluster.startApi({ LONGHAUL_SYNC_WAIT: '800ms' }),
    cluster.startWorker(),
  ])
  const reply = await callWith(api.url, cluster.key)('POST', path, scripted([{ status: 503 }]))
  // Either the turn or the wait ends first.
  expect([502, 504]).toContain(reply.status)
  const task = String(reply.body['task_id'])
  expect(await failure(cluster, task)).toContain('is repeated for at most 1 s')
})

test('a parked turn is cancelled at once', async ({ cluster }) => {
  const worker = await cluster.startWorker()
  const task = await submit(cluster, [calmDown(300)])
  await untilParked(worker)
  const { status, body } = await cluster.call('POST', `${path}/${task}/cancel`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'failed', error: 'cancelled' })
  expect(cluster.model.requests).toHaveLength(1)
})

async function untilParked(worker: AppProcess, turns = 1): Promise<void> {
  await expect.poll(() => metric(worker, 'longhaul_turns_parked_total')).toBe(turns)
}

function askedBy(cluster: Cluster, task: string): Cluster['model']['requests'] {
  return cluster.model.requests.filter(({ idempotencyKey }) => idempotencyKey?.includes(task))
}

async function metric({ url }: AppProcess, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}
