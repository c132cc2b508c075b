/** How soon a turn should start, among the turns of its fairness key: 1 is first. */
export type Priority = 1 | 2 | 3 | 4 | 5

export const defaultPriority: Priority = 3

export function isPriority(value: number): value is Priority {
  return Number.isInteger(value) && value >= 1 && value <= 5
}

/**
 * How many milliseconds a turn stands behind a turn of priority 1 that was queued at the same time. Turns start in the
 * order of their time plus this delay, so a turn of a lower priority passes newer ones when it has waited for long
 * enough: one number gives priority, first come first served, and ageing.
 */
export function priorityDelay(priority: Priority, ageingMs: number): number {
  return (priority - 1) * ageingMs
}
