import { limits } from '@longhaul/core'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { createBulk, createTransfers } from './transfers.ts'
import { guarded } from './unavailable.ts'

const { perWorkspace } = limits.sharedReads
/** Never connected, because the test only concerns the order of waiting. */
const redis = new Redis({ lazyConnect: true })

/** Small reads that begin and do not end, and the number that has begun, by name. */
function readsOf(transfers: ReturnType<typeof createTransfers>) {
  const begun = new Map<string, number>()
  const forever = new Promise<never>(() => {})
  const begin = (
    name: string,
    owner: { taskId: string } | { workspace: string },
    times: number,
  ) => {
    for (let at = 0; at < times; at += 1) {
      void transfers.small(owner, () => {
        begun.set(name, (begun.get(name) ?? 0) + 1)
        return forever
      })
    }
  }
  return { begun, begin }
}

test('small reads of a workspace wait for each other only', async () => {
  const { begun, begin } = readsOf(createTransfers(redis, createBulk(redis)))
  begin('acme', { workspace: 'acme' }, perWorkspace + 1_200)
  begin('other', { workspace: 'other' }, 2)
  await expect.poll(() => begun.get('other')).toBe(2)
  expect(begun.get('acme')).toBe(perWorkspace)
})

test('small reads of a task wait with those of its workspace, once that is known', async () => {
  const transfers = createTransfers(redis, createBulk(redis))
  transfers.remember('t1', 'acme')
  const { begun, begin } = readsOf(transfers)
  begin('acme', { workspace: 'acme' }, perWorkspace)
  begin('its task', { taskId: 't1' }, 1)
  begin('another task', { taskId: 't2' }, 1)
  await expect.poll(() => begun.get('another task')).toBe(1)
  expect(begun.get('its task')).toBeUndefined()
})

test('in a process that limits its callers itself, no small read waits', async () => {
  const { begun, begin } = readsOf(createTransfers(redis, createBulk(redis, { patient: true })))
  begin('acme', { workspace: 'acme' }, perWorkspace + 100)
  await expect.poll(() => begun.get('acme')).toBe(perWorkspace + 100)
})

test('small reads behind one that Redis leaves without a reply are refused with it', async () => {
  const transfers = createTransfers(redis, createBulk(redis))
  const { begun, begin } = readsOf(transfers)
  const owner = { workspace: 'acme' }
  const silence = Promise.withResolvers<never>()
  const first = transfers.small(owner, () => guarded(() => silence.promise))
  begin('acme', owner, perWorkspace - 1)
  const behind = transfers.small(owner, () => Promise.reject(new Error('it ran')))

  silence.reject(new Error('Command timed out'))
  await expect(first).rejects.toMatchObject({ code: 'unavailable' })
  await expect(behind).rejects.toMatchObject({ code: 'unavailable', maybeDone: false })
  begin('later', owner, 1)
  await expect.poll(() => begun.get('later')).toBe(1)
})

test('small reads behind one that Redis refuses run', async () => {
  const transfers = createTransfers(redis, createBulk(redis))
  const owner = { workspace: 'acme' }
  const refusal = Promise.withResolvers<never>()
  const first = transfers.small(owner, () => guarded(() => refusal.promise))
  readsOf(transfers).begin('acme', owner, perWorkspace - 1)
  const behind = transfers.small(owner, () => Promise.resolve('it ran'))

  refusal.reject(new Error('BUSY Redis is busy running a script.'))
  await expect(first).rejects.toMatchObject({ reason: 'store_busy' })
  expect(await behind).toBe('it ran')
})
