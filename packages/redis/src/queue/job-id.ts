import { parseResponseId, type TurnRef } from '@longhaul/core'

/** The turn that an entry of a shard's sets names; undefined when the text is no such entry. */
export function parseJobId(id: string): TurnRef | undefined {
  return parseResponseId(id.replace(/\.\d+$/, ''))
}
