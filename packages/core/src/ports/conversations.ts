/** The task that continues a conversation; a new one may begin with a copy of another task's messages. */
export type BoundConversation = { taskId: string; copies?: string }

/** Conversations that callers have named. */
export interface Conversations {
  find(workspace: string, id: string): Promise<BoundConversation | undefined>
  /** Binds one, if it is bound to what was `seen`, for so many milliseconds; what it is bound to then. */
  bind(
    workspace: string,
    id: string,
    to: BoundConversation,
    options: { seen: BoundConversation | undefined; ms: number },
  ): Promise<BoundConversation>
}
