import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

const append = 'packages/redis/src/lua/turn/append.lua'
const stream = 'packages/redis/src/lua/turn/record-deltas.lua'

/** A write of a worker arrives when another worker holds the turn. It must not be recorded. */
export const attemptChecks: Safeguard[] = [
  {
    name: 'the attempt check of facts',
    cuts: [
      { file: append, piece: "if holder ~= attempt then return { 'fenced' } end", becomes: '' },
    ],
    // A step without text, so that the late write is the step itself.
    experiment: lateWrite('background', [3]),
  },
  {
    name: 'the attempt check of deltas',
    cuts: [{ file: stream, piece: 'holder ~= attempt or ', becomes: '' }],
    experiment: lateWrite('stream', []),
  },
]

function lateWrite(mode: 'background' | 'stream', silent: number[]): Safeguard['experiment'] {
  return async (cuts, atEnd) => {
    const testbed = await startSafeguardTestbed({ cuts, workers: 2 }, atEnd)
    // The first steps raise the ordinals of its writes above those of the next attempt.
    const task = oneTask(mode, [0, 0, 200, 1_500], silent)
    const client = testbed.runClient(task)
    const worker = await testbed.asking(task, 3)
    await testbed.inflict('worker cut off', [worker], async () => {
      const release = worker.toRedis.hold()
      await testbed.asking(task, 4)
      release()
    })
    testbed.losePatienceAfter(10_000)
    return await testbed.violations(task, await client)
  }
}
