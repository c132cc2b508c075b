import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { leaveHalfOpen, loseReplies, type FaultAction, refuse, slowDown } from './fault-actions.ts'

/** Faults of the connections from workers to models, tools and receivers of events, and from clients to the APIs. */
export const connectionFaults = {
  async 'model connections reset'({ cluster }) {
    cluster.vendors.toModel.reset()
  },

  async 'model lines dead'({ cluster }) {
    leaveHalfOpen(cluster.vendors.toModel)
  },

  'model replies lost': ({ cluster, ms }) => loseReplies([cluster.vendors.toModel], ms),
  'model slow': ({ cluster, ms }) => slowDown([cluster.vendors.toModel], ms),

  async 'tool connections reset'({ cluster }) {
    cluster.vendors.toTools.reset()
  },

  async 'tool lines dead'({ cluster }) {
    leaveHalfOpen(cluster.vendors.toTools)
  },

  'tool replies lost': ({ cluster, ms }) => loseReplies([cluster.vendors.toTools], ms),

  'receiver connections refused': ({ cluster, ms }) => refuse(cluster.receiver.proxy, ms),

  async 'receiver lines dead'({ cluster }) {
    leaveHalfOpen(cluster.receiver.proxy)
  },

  'receiver replies lost': ({ cluster, ms }) => loseReplies([cluster.receiver.proxy], ms),

  async 'client connections reset'({ cluster }) {
    for (const proxy of apiProxiesOf(cluster)) proxy.reset()
  },

  async 'client lines dead'({ cluster }) {
    for (const proxy of apiProxiesOf(cluster)) leaveHalfOpen(proxy)
  },

  'client replies lost': ({ cluster, ms }) => loseReplies(apiProxiesOf(cluster), ms),
} satisfies Record<string, FaultAction>

function apiProxiesOf({ apis }: ChaosCluster) {
  return apis.map(({ proxy }) => proxy)
}
