import { Redis } from 'ioredis'
import { type AppProcess, type Cluster, workerTest } from '@longhaul/testbed'
import { expect } from 'vitest'

export const path = '/v2/agents/plain/responses'

/**
 * The environment of a worker that runs its chores about every second. Its leases are short, but long enough for a busy
 * machine.
 */
export const often = { LONGHAUL_LOCK_MS: '2000' }

/** `cluster` has an agent `plain` with a scripted model and one tool, which returns the date. */
export const test = workerTest.extend('workspace', { scope: 'file' }, async ({ lent }) => {
  await createPlain(lent)
  return lent
})

export async function createPlain(cluster: Cluster, more: object = {}): Promise<number> {
  const { status, body } = await cluster.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [{ type: 'current_date' }] },
    ...more,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return status
}

/** The same, with a client of the cluster's Redis. */
export const redisTest = test.extend('redis', ({ cluster }, { onCleanup }) => {
  const redis = new Redis(cluster.redisUrl)
  onCleanup(() => redis.disconnect())
  return redis
})

export const dateCall = { id: 'c1', name: 'current_date', arguments: {} }

/** A message with the script for the model's answers, call by call. */
export function scripted(script: unknown[]) {
  return { message: { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] } }
}

/** Submits a background turn of `plain`, and retries if it was not accepted. Resolves with its task. */
export async function submit(cluster: Cluster, script: unknown[]): Promise<string> {
  for (;;) {
    const sent = { background: true, ...scripted(script) }
    const { status, body } = await cluster.call('POST', path, sent)
    // On a busy machine Redis may not reply in time.
    if (status === 503 && JSON.stringify(body).includes('Nothing was')) continue
    expect([status, body]).toEqual([200, body])
    return String(body['task_id'])
  }
}

export async function read(cluster: Cluster, task: string): Promise<Record<string, unknown>> {
  return (await cluster.call('GET', `${path}/${task}`)).body
}

/** Waits for this number of model calls. */
export async function asked(cluster: Cluster, times: number): Promise<void> {
  await expect.poll(() => cluster.model.requests.length).toBe(times)
}

export async function completed(cluster: Cluster, task: string): Promise<void> {
  await expect.poll(async () => (await read(cluster, task))['status']).toBe('completed')
}

/** Waits until a task has failed; resolves with its error. */
export async function failure(cluster: Cluster, task: string): Promise<unknown> {
  let found: Record<string, unknown> = {}
  await expect.poll(async () => (found = await read(cluster, task))['status']).toBe('failed')
  return found['error']
}

/** The number of times that a process has logged a message. */
export function logged({ log }: AppProcess, message: string): number {
  return log.filter((line) => line.includes(`"msg":"${message}"`)).length
}
