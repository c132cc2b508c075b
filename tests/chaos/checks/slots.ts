import type { SlotHold } from '../evidence/evidence.ts'

/** How many of these turns certainly held a slot at a time. */
export function countHeld(holds: SlotHold[], at: number): number {
  return holds.filter(({ from, heldTo }) => from < at && heldTo > at).length
}

/** How many of these turns held a slot at a time, at most. */
export function countAtMost(holds: SlotHold[], at: number): number {
  return holds.filter(({ from, atMostTo }) => from <= at && atMostTo >= at).length
}

export function sameWorkspace(holds: SlotHold[], { workspace }: SlotHold): SlotHold[] {
  return holds.filter((hold) => hold.workspace === workspace)
}

export function sameLane(holds: SlotHold[], { workspace, fairnessKey }: SlotHold): SlotHold[] {
  return holds.filter((hold) => hold.workspace === workspace && hold.fairnessKey === fairnessKey)
}
