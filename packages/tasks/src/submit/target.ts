import type { BoundConversation, RequestMetadata, PriorMessage, TaskView } from '@longhaul/core'

/** Where a turn goes, as things were when that was looked up. `pending` are the calls that wait there for results. */
export type Target = { pending: string[] } & (
  | ({ kind: 'new' } & NewTask)
  /** On in the task that the request names. */
  | ({ kind: 'continue' } & SameTask)
  /** After a response: on in its task while it is the latest one there, else in a new task. */
  | ({ kind: 'fork' } & (SameTask | NewTask))
  /** In the task that the conversation is bound to, or in a new one that it is to be bound to. */
  | ({ kind: 'conversation'; binding: Binding } & (SameTask | NewTask))
)

type SameTask = { task: TaskView; copy?: undefined }
/** A new task may begin with a copy of what was said in another one. */
type NewTask = { task?: undefined; copy?: ConversationCopy | undefined }

/** A conversation by its name: what it was bound to when it was looked up, and what it is to be bound to. */
export type Binding = { id: string; seen: BoundConversation | undefined; to: BoundConversation }

/** What was said in a task up to the end of a turn, and what went with it. */
export type ConversationCopy = {
  messages: PriorMessage[]
  variables: Record<string, unknown>
  notes: RequestMetadata
}
