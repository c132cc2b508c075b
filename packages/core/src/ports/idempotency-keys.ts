/** The first request that came with an idempotency key: its task, its id and the fingerprint of its content. */
export type BoundRequest = {
  taskId: string
  requestId: string
  after: number
  fingerprint: string
  /** The task that the request begins if it cannot continue `taskId`. */
  fork?: string
}

/** The idempotency keys of workspaces; each is kept for a day. */
export interface IdempotencyKeys {
  find(workspace: string, key: string): Promise<BoundRequest | undefined>
  /** Binds a free key. Returns the request that the key is bound to after that: this one or an earlier one. */
  bind(workspace: string, key: string, request: BoundRequest): Promise<BoundRequest>
  /**
   * Lets another request use the identity of the one that the key is bound to. From then on, the key is not released.
   * Returns false when the key is not bound to that request any more.
   */
  adopt(workspace: string, key: string, request: BoundRequest): Promise<boolean>
  /** Releases the key of a request that was refused, unless another request uses its identity. */
  release(workspace: string, key: string, request: Pick<BoundRequest, 'requestId'>): Promise<void>
}
