/** The task whose events a watch token gives access to. */
export type Watchable = { workspace: string; agentId: string; taskId: string }

/** Watch tokens, by the SHA-256 of each, in hex. */
export interface WatchTokens {
  put(hash: string, opens: Watchable, ms: number): Promise<void>
  find(hash: string): Promise<Watchable | undefined>
}
