/**
 * Runs one call. Returns what the model reads, as JSON, or a promise of it; throws an Error whose message the model
 * reads instead.
 */
export type ToolKind = (input: Record<string, unknown>, context: ToolContext) => unknown

export type ToolContext = {
  callId: string
  configuration: Record<string, unknown>
  /** Epoch milliseconds. */
  now: number
  /** Aborted when the call is to stop, also when its time is over. */
  signal: AbortSignal
}
