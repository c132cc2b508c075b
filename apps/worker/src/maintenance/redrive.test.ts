import { LonghaulError, type TurnRef } from '@longhaul/core'
import { createLogger } from '@longhaul/process'
import { expect, onTestFinished, test } from 'vitest'
import { redriveDue } from './redrive.ts'
import { startChores } from './run-chores.ts'

const turns = ['01K00000000000000000000001', '01K00000000000000000000002'].map(
  (taskId): TurnRef => {
    return { taskId, turn: 3 }
  },
)

/** Two turns are due. Their redrive fails with this problem, if there is one. */
function redriveOf(problem: Error | undefined) {
  const waiting = [...turns]
  const [asked, done]: [string[], TurnRef[]] = [[], []]
  const failed: string[] = []
  let redriven = 0
  const log = createLogger({ name: 'test', level: 'silent' })
  const run = redriveDue({
    adminStore: {
      takeRedrives: () => Promise.resolve({ turns: waiting.splice(0) }),
      redriveDone: (turn) => Promise.resolve(void done.push(turn)),
      redriveFailed: (_turn, why) => Promise.resolve(void failed.push(why)),
    },
    redrive(id) {
      asked.push(id)
      return problem === undefined
        ? Promise.resolve({ taskId: 't', turn: 4 })
        : Promise.reject(problem)
    },
    shards: 1,
    log,
    redriven: () => {
      redriven += 1
    },
  })
  const chores = startChores([{ name: 'redrive', everyMs: 600_000, firstMs: 0, run }], log)
  onTestFinished(() => chores.stop())
  return { asked, done, failed, redriven: () => redriven }
}

const ids = turns.map(({ taskId }) => `resp_${taskId}0003`)

test('turns that are due are redriven once', async () => {
  const { asked, done, redriven } = redriveOf(undefined)
  await expect.poll(() => done).toEqual(turns)
  expect([asked, redriven()]).toEqual([ids, 2])
})

test.for([
  [new LonghaulError('conflict', 'was completed'), 'was completed'],
  [new Error('blob x is missing'), 'an unexpected error, see the log'],
] as const)(
  'a turn that cannot be redriven (%s) is reported and does not delay the others',
  async ([problem, why]) => {
    const { asked, done, failed, redriven } = redriveOf(problem)
    await expect.poll(() => failed).toEqual([why, why])
    expect([asked, done, redriven()]).toEqual([ids, [], 0])
  },
)

test('while the store is unavailable no turn is removed', async () => {
  const { asked, done, failed } = redriveOf(new LonghaulError('unavailable', 'away'))
  await expect.poll(() => asked).toEqual(ids.slice(0, 1))
  expect([done, failed]).toEqual([[], []])
})
