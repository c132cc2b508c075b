import type { House } from '../cluster/chaos-cluster.ts'
import { deaden, loseReplies, type Performance, slowDown } from './fault-actions.ts'

/** Of the lines from workers to models and tools, and from clients to the APIs. */
export const ofLines = {
  async 'model connections reset'({ house }) {
    house.vendors.toModel.reset()
  },

  async 'model lines dead'({ house }) {
    deaden(house.vendors.toModel)
  },

  'model replies lost': ({ house, ms }) => loseReplies([house.vendors.toModel], ms),
  'model slow': ({ house, ms }) => slowDown([house.vendors.toModel], ms),

  async 'tool connections reset'({ house }) {
    house.vendors.toTools.reset()
  },

  async 'tool lines dead'({ house }) {
    deaden(house.vendors.toTools)
  },

  'tool replies lost': ({ house, ms }) => loseReplies([house.vendors.toTools], ms),

  async 'client connections reset'({ house }) {
    for (const door of doorsOf(house)) door.reset()
  },

  async 'client lines dead'({ house }) {
    for (const door of doorsOf(house)) deaden(door)
  },

  'client replies lost': ({ house, ms }) => loseReplies(doorsOf(house), ms),
} satisfies Record<string, Performance>

function doorsOf({ apis }: House) {
  return apis.map(({ door }) => door)
}
