/** So many events for each client, as fast as they can be made or at a pace. */
export type Produce = { do: 'produce'; each: number; perSecond?: number | undefined }

/** Begins so many turns of an agent. */
export type Begin = {
  do: 'begin'
  count: number
  /** The number of the first one. */
  from: number
  agentId: string
  planHash: string
}
