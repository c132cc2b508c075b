import { LonghaulError, type TurnRef } from '@longhaul/core'
import { createLogger } from '@longhaul/process'
import { expect, onTestFinished, test } from 'vitest'
import { startRedriver } from './redrive.ts'

const turns = ['01K00000000000000000000001', '01K00000000000000000000002'].map(
  (taskId): TurnRef => {
    return { taskId, turn: 3 }
  },
)

/** Two turns are due, and going on fails with this problem, if there is one. */
function redriverOf(problem: LonghaulError | undefined) {
  const waiting = [...turns]
  const [asked, done]: [string[], TurnRef[]] = [[], []]
  let redriven = 0
  const redriver = startRedriver({
    operations: {
      takeRedrives: () => Promise.resolve({ turns: waiting.splice(0) }),
      redriveDone: (turn) => Promise.resolve(void done.push(turn)),
    },
    redrive(id) {
      asked.push(id)
      return problem === undefined
        ? Promise.resolve({ taskId: 't', turn: 4 })
        : Promise.reject(problem)
    },
    shards: 1,
    log: createLogger({ name: 'test', level: 'silent' }),
    redriven: () => {
      redriven += 1
    },
  })
  onTestFinished(() => redriver.stop())
  return { asked, done, redriven: () => redriven }
}

const ids = turns.map(({ taskId }) => `resp_${taskId}0003`)

test('turns that are due go on, each once', async () => {
  const { asked, done, redriven } = redriverOf(undefined)
  await expect.poll(() => done).toEqual(turns)
  expect([asked, redriven()]).toEqual([ids, 2])
})

test('one that cannot go on is not tried again, and holds up no other', async () => {
  const { asked, done, redriven } = redriverOf(new LonghaulError('conflict', 'was completed'))
  await expect.poll(() => done).toEqual(turns)
  expect([asked, redriven()]).toEqual([ids, 0])
})

test('while the store is away none is crossed off', async () => {
  const { asked, done } = redriverOf(new LonghaulError('unavailable', 'away'))
  await expect.poll(() => asked).toEqual(ids.slice(0, 1))
  expect(done).toEqual([])
})
