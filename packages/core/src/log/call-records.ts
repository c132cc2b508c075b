import type { CallRecord, State } from './state.ts'

export type CallRecords = ReturnType<typeof createCallRecords>

/** Records the calls of a turn, in the order in which they begin. */
export function createCallRecords(state: State) {
  // By call id, because a turn may make thousands of calls.
  const made = new Map<string, CallRecord>()

  return {
    begun({ callId, name, arguments: args }: CallRecord): void {
      if (made.has(callId)) return
      const call = { callId, name, arguments: args }
      made.set(callId, call)
      state.calls.push(call)
    },

    ended(callId: string, outcome: Pick<CallRecord, 'result' | 'error' | 'ms'>): void {
      const call = made.get(callId)
      if (call !== undefined) Object.assign(call, outcome)
    },

    /** Another turn begins. */
    clear(): void {
      made.clear()
    },
  }
}
