/** How long a worker may be silent before it counts as dead, milliseconds. It sends a heartbeat each quarter of its lock. */
export function silentAfter(lockMs: number): number {
  return lockMs * 0.75
}
