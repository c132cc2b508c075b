import type { Evidence, SlotHold } from '../evidence/evidence.ts'
import { limitsAt } from '../evidence/limits-at.ts'
import { countHeld, sameLane, sameWorkspace } from './slots.ts'

type Of = Pick<Evidence, 'holds' | 'limitChanges'>

/** Finds turns that started while their workspace, or their fairness key, had as many running turns as it may have. */
export function checkLimits({ holds, limitChanges }: Of): string[] {
  return holds.flatMap((start) => {
    const { running, runningPerKey } = limitsOf(start, limitChanges)
    const own = countHeld(sameWorkspace(holds, start), start.from)
    const ofKey = countHeld(sameLane(holds, start), start.from)
    return [
      ...(own < running ? [] : [`${nameOf(start)} started beside ${own} of ${running}`]),
      ...(ofKey < runningPerKey
        ? []
        : [`${nameOf(start)} started beside ${ofKey} of ${runningPerKey} of its key`]),
    ]
  })
}

/** Finds turns that started while their workspace was paused. */
export function checkPauses({ holds, limitChanges }: Of): string[] {
  return holds.flatMap((start) =>
    limitsAt(limitChanges, { workspace: start.workspace, at: start.from }).every(
      ({ paused }) => paused === true,
    )
      ? [`${nameOf(start)} started while its workspace was paused`]
      : [],
  )
}

/** How many starts used the last slot of a limit: with none, the check of limits would show nothing. */
export function startsAtLimit({ holds, limitChanges }: Of): number {
  return holds.filter((start) => {
    const { running, runningPerKey } = limitsOf(start, limitChanges)
    return (
      countHeld(sameWorkspace(holds, start), start.from) + 1 === running ||
      countHeld(sameLane(holds, start), start.from) + 1 === runningPerKey
    )
  }).length
}

/** The highest limits that may have been in force at a start. A lower one stops nothing that runs. */
function limitsOf({ workspace, from }: SlotHold, changes: Of['limitChanges']) {
  const found = limitsAt(changes, { workspace, at: from })
  return {
    running: Math.max(...found.map(({ running = Infinity }) => running)),
    runningPerKey: Math.max(
      ...found.map(({ runningPerFairnessKey = Infinity }) => runningPerFairnessKey),
    ),
  }
}

export function nameOf({ taskId, workspace, fairnessKey }: SlotHold): string {
  return `${taskId} of ${[workspace, fairnessKey].filter(Boolean).join('/')}`
}
