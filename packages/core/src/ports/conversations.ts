/** The task that goes on with a conversation; when it is new, it begins with what was said in another one. */
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
