/** What an idempotency key stands for: the task and the request that came with it first, and what it asked. */
export type BoundRequest = {
  taskId: string
  requestId: string
  after: number
  fingerprint: string
  /** The task that the request begins where it cannot continue that one. */
  fork?: string
}

/** The idempotency keys of workspaces; each is kept for a day. */
export interface IdempotencyKeys {
  find(workspace: string, key: string): Promise<BoundRequest | undefined>
  /** Binds a key that is free; what it stands for then, be it this request or one that came before. */
  bind(workspace: string, key: string, request: BoundRequest): Promise<BoundRequest>
}
