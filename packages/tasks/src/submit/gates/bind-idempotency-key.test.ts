import type { BoundRequest, IdempotencyKeys } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { Admitted } from '../pipeline.ts'
import type { TurnRequest } from '../turn-request.ts'
import { bindIdempotencyKey, releaseIdempotencyKey } from './bind-idempotency-key.ts'

const identity = { taskId: 't2', requestId: 'own', after: 0 }
const earlier: BoundRequest = { taskId: 't1', requestId: 'earlier', after: 0, fingerprint: 'f' }
const request = { workspace: 'w', idempotency: { key: 'k', fingerprint: 'f' } } as TurnRequest

/** Binds the key of a request that has found `bound`, where the store has these values one after the other. */
async function bind(found: Partial<Admitted>, stored: (BoundRequest | undefined)[]) {
  const released: string[] = []
  const values = [...stored]
  const idempotency: IdempotencyKeys = {
    find: () => Promise.resolve(values[0]),
    bind: (_workspace, _key, own) => Promise.resolve(values.shift() ?? own),
    adopt: (_workspace, _key, { requestId }) =>
      Promise.resolve(values.shift()?.requestId === requestId),
    release(_workspace, _key, { requestId }) {
      released.push(requestId)
      return Promise.resolve()
    },
  }
  const before = { identity, bound: undefined, ...found } as Admitted
  const admitted = (await bindIdempotencyKey(request, before, { idempotency })) ?? before
  await releaseIdempotencyKey(request, admitted, { idempotency })
  return { requestId: admitted.identity.requestId, released }
}

test('a request that binds its key releases it when it is refused', async () => {
  expect(await bind({}, [])).toEqual({ requestId: 'own', released: ['own'] })
})

test('a request adopts the identity of an earlier one, and does not release the key', async () => {
  const adopted = { requestId: 'earlier', released: [] }
  expect(await bind({ bound: earlier }, [earlier])).toEqual(adopted)
  expect(await bind({}, [earlier, earlier])).toEqual(adopted)
})

test('a request does not adopt an identity whose key was released in the meantime', async () => {
  const own = { requestId: 'own', released: ['own'] }
  expect(await bind({ bound: earlier }, [undefined])).toEqual(own)
  expect(await bind({}, [earlier, undefined])).toEqual(own)
  const third = { ...earlier, requestId: 'third' }
  const adopted = { requestId: 'third', released: [] }
  expect(await bind({}, [earlier, third, third, third])).toEqual(adopted)
})

test('a request with another content is refused', async () => {
  const other = { ...earlier, fingerprint: 'g' }
  await expect(bind({}, [other])).rejects.toMatchObject({ code: 'mismatch' })
})
