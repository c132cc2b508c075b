import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { setStage } from './safeguard-testbed.ts'

/** Who takes a turn over goes on where the log ends. */
export const logOnResume: Safeguard = {
  name: 'the log that a new attempt begins with',
  cuts: [
    {
      file: 'apps/worker/src/turn/log-writer.ts',
      piece: 'const facts = [...read.facts]',
      becomes: 'const facts = read.facts.slice(0, 1)',
    },
  ],

  async experiment(cuts, atEnd) {
    const stage = await setStage({ cuts, workers: 2 }, atEnd)
    const task = oneTask('background', [0, 0, 500])
    const client = stage.runClient(task)
    const worker = await stage.asking(task, 3)
    await stage.inflict('worker killed', [worker], () => stage.house.kill(worker))
    stage.losePatienceAfter(10_000)
    return await stage.violations(task, await client)
  },
}
