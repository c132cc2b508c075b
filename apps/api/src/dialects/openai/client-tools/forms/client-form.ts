/** A call of a tool that the client runs, by the name that the client gave it. `arguments` is the model's text. */
export type ClientCall = { callId: string; name: string; namespace?: string; arguments: string }

/** An item of the output without its id, its status and its `call_id`. */
export type CallFields = { type: string } & Record<string, unknown>

/** The position of an item, in the fields of an event. */
export type ItemPlace = { item_id: string; output_index: number }

/** How the calls of one type of tool appear in a response. */
export type ClientForm = {
  /** The prefix of the ids of its items. */
  prefix: string
  /** The fields of a call's item. `started`: without the text that its events stream. */
  fields(call: ClientCall, state: 'started' | 'finished'): CallFields
  /** The events between the start and the end of the item. */
  events(call: ClientCall, place: ItemPlace): [type: string, fields: Record<string, unknown>][]
}

/** The status of an item of a reply. */
export const itemStatuses = ['in_progress', 'completed', 'incomplete'] as const
