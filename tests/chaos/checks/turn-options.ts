import type { Check } from './check-function.ts'

/** A turn has the fairness key and the priority of its request, and starts when the request says. */
export const checkTurnOptions: Check = ({ script, client }, { holds }) => {
  const taskId = client.ids[0]?.taskId
  const first = holds.find((hold) => hold.taskId === taskId && hold.queuedAt !== undefined)
  if (first === undefined) return []
  const { fairnessKey = '', priority = 3, startAfter = 0 } = script
  const waited = first.from - (first.queuedAt ?? first.from)
  return [
    ...(first.fairnessKey === fairnessKey ? [] : [`its key is "${first.fairnessKey}"`]),
    ...((first.priority ?? 3) === priority ? [] : [`its priority is ${first.priority}`]),
    ...(waited >= startAfter * 1_000 ? [] : [`it started after ${waited} ms`]),
  ]
}
