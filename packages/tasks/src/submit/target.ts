import type { BoundConversation, RequestMetadata, PriorMessage, TaskView } from '@longhaul/core'
import type { KnownContent } from './input/known-content.ts'

/**
 * The task that a turn continues or begins, at the time of the look-up. `pending` are its calls that wait for results.
 */
export type Target = { pending: string[] } & (
  | ({ kind: 'new' } & NewTask)
  /** In the task that the request names. */
  | ({ kind: 'continue' } & SameTask)
  /** After a response: in its task while the response is the latest one there, else in a new task. */
  | ({ kind: 'fork' } & (SameTask | NewTask))
  /** In the task that the conversation is bound to, or in a new task, to which it is then bound. */
  | ({ kind: 'conversation'; binding: Binding } & (SameTask | NewTask))
)

type SameTask = { task: TaskView; copy?: undefined; known?: undefined }
/** A new task may begin with a copy of another task's messages. `known` is the content of the copy. */
type NewTask = { task?: undefined; copy?: ConversationCopy | undefined; known?: KnownContent }

/** A conversation by its name: the binding that was found (`seen`), and the new one (`to`). */
export type Binding = { id: string; seen: BoundConversation | undefined; to: BoundConversation }

/** The messages of a task up to the end of a turn, and what belongs to them. */
export type ConversationCopy = {
  messages: PriorMessage[]
  /** The copied responses and items, for the first fact. */
  origins: string[]
  variables: Record<string, unknown>
  notes: RequestMetadata
}
