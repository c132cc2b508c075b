import { oneTask } from './one-task.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

/** A worker that takes a turn over continues where the log ends. */
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
    const testbed = await startSafeguardTestbed({ cuts, workers: 2 }, atEnd)
    const task = oneTask('background', [0, 0, 500])
    const client = testbed.runClient(task)
    const worker = await testbed.asking(task, 3)
    await testbed.inflict('worker killed', [worker], () => testbed.cluster.kill(worker))
    testbed.losePatienceAfter(10_000)
    return await testbed.violations(task, await client)
  },
}
