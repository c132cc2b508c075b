import { LonghaulError } from '@longhaul/core'
import { expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StepPorts } from './pipeline.ts'
import { submit } from './submit.ts'
import type { TurnRequest } from './turn-request.ts'

const request: TurnRequest = {
  workspace: 'w',
  agent: 'a',
  message: { role: 'user', parts: [{ kind: 'text', text: 'Hi' }] },
  idempotency: { key: 'k', fingerprint: 'f' },
}

/** A store that fails after a time, and the number of times that it was asked for the key. */
async function lookUpsWith(silentMs: number): Promise<number> {
  let lookUps = 0
  const ports = {
    refuseWork() {},
    idempotency: {
      find() {
        lookUps += 1
        return Promise.resolve(undefined)
      },
    },
    agents: {
      async resolve() {
        await sleep(silentMs)
        throw new LonghaulError('unavailable', 'The task store cannot be reached.')
      },
    },
  } as unknown as StepPorts
  await expect(submit(request, ports)).rejects.toMatchObject({ code: 'unavailable' })
  return lookUps
}

test('a store that fails at once is asked again whether the turn was accepted', async () => {
  expect(await lookUpsWith(0)).toBe(2)
})

test('a store that was silent is not asked again, so that the caller learns soon', async () => {
  expect(await lookUpsWith(800)).toBe(1)
})
