import { oneTask } from './one-task.ts'
import type { Cut } from './cut.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

/** A pause between a worker's last read of the log and the park, in which a cancel arrives. */
const pauseBeforePark: Cut = {
  file: 'apps/worker/src/turn/run-steps.ts',
  piece: 'const recorded = await writer.park(action)',
  becomes:
    'await new Promise((go) => setTimeout(go, 1_000)); const recorded = await writer.park(action)',
}

/** A turn is parked only if its worker has read the whole log, so that a cancel that has just arrived takes effect. */
export const parkCompare: Safeguard = {
  name: 'the compare on park',
  cuts: [
    {
      file: 'packages/redis/src/lua/turn/record-decision.lua',
      piece: 'if hasMore then',
      becomes: 'if false then',
    },
  ],
  always: [pauseBeforePark],

  async experiment(cuts, atEnd) {
    const testbed = await startSafeguardTestbed({ cuts, workers: 1 }, atEnd)
    const task = { ...oneTask('background', [0]), cancel: { step: 1, after: 300 } }
    task.steps[0]?.replies.unshift({
      status: 429,
      headers: { 'retry-after': '600' },
      body: { error: { message: 'by script' } },
    })
    const client = testbed.runClient(task)
    testbed.losePatienceAfter(20_000)
    return await testbed.violations(task, await client)
  },
}
