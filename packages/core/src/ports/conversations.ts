/** The task that continues a conversation. `copies` is the task whose messages a new task begins with. */
export type BoundConversation = { taskId: string; copies?: string }

/** Conversations that callers have named. */
export interface Conversations {
  find(workspace: string, id: string): Promise<BoundConversation | undefined>
  /**
   * Binds a conversation for `ms` milliseconds, provided that its binding is still `seen`. Returns the binding after
   * that.
   */
  bind(
    workspace: string,
    id: string,
    to: BoundConversation,
    options: { seen: BoundConversation | undefined; ms: number },
  ): Promise<BoundConversation>
}
