import type { ScriptedReply } from '@longhaul/testbed/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { type FaultAction, refuse } from './fault-actions.ts'

/** Outages of the vendor of all models: it refuses every request meanwhile. */
export const vendorFaults = {
  'model answers 429': ({ cluster, ms }) => refuseAll(cluster, ms, [busy, busyForSeconds]),
  'model answers 503': ({ cluster, ms }) => refuseAll(cluster, ms, [overloaded]),

  'model connections refused': ({ cluster, ms }) => refuse(cluster.vendors.toModel, ms),

  async 'model streams broken'({ cluster, ms }) {
    cluster.vendors.toModel.reset()
    await refuseAll(cluster, ms, [reset, cut])
  },
} satisfies Record<string, FaultAction>

const body = { error: { message: 'out of order' } }
const busy: ScriptedReply = { status: 429, body }
const busyForSeconds: ScriptedReply = { status: 429, headers: { 'retry-after': '2' }, body }
const overloaded: ScriptedReply = { status: 503, body }
const reset: ScriptedReply = { text: 'Half of an answer', fault: 'reset' }
const cut: ScriptedReply = { text: 'Half of an answer', fault: 'cut' }

/** Answers with these replies in turn. */
async function refuseAll(
  { vendors }: ChaosCluster,
  ms: number,
  replies: ScriptedReply[],
): Promise<void> {
  let answered = 0
  vendors.refuseWith(() => replies[answered++ % replies.length])
  await sleep(ms)
  vendors.refuseWith(undefined)
}
