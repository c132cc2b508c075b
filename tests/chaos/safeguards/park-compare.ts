import { oneTask } from './one-task.ts'
import type { Cut } from './sabotage.ts'
import type { Safeguard } from './safeguard.ts'
import { startSafeguardTestbed } from './safeguard-testbed.ts'

/** Time for a cancel between a worker's last look at the log and its parking of the turn. */
const hesitation: Cut = {
  file: 'apps/worker/src/turn/run-steps.ts',
  piece: 'if (await writer.park(',
  becomes: 'await new Promise((go) => setTimeout(go, 1_000)); if (await writer.park(',
}

/** A turn is parked only if its worker has read the whole log: a cancel that came meanwhile is not slept through. */
export const parkCompare: Safeguard = {
  name: 'the compare on park',
  cuts: [
    {
      file: 'packages/redis/src/lua/turn/append.lua',
      piece: "if folded and redis.call('LLEN', log) ~= folded then",
      becomes: 'if false then',
    },
  ],

  async experiment(cuts, atEnd) {
    const testbed = await startSafeguardTestbed({ cuts: [...cuts, hesitation], workers: 1 }, atEnd)
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
