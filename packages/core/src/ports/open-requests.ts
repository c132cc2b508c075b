/** A request that waits for its answer. Requests with the same content have the same `name`. */
export type OpenRequest = {
  workspace: string
  name: string
  /** Random; a repeat gets the id of the request that it repeats. */
  id: string
  /** The process that serves it. */
  process: string
}

type Terms = {
  /** Whether it may repeat an earlier request; else it is a new one. */
  mayRepeat: boolean
  /**
   * The processes that have stopped, among those that serve requests of the same name; undefined if that is not known
   * yet.
   */
  stopped?: string[]
}

/** `served`: only these processes serve requests of the same name, and nothing was added. */
export type Opened =
  | { action: 'opened' }
  | { action: 'repeat'; id: string }
  | { action: 'served'; processes: string[] }

/** Requests whose clients wait, and which their clients may send again without a key when a connection is lost. */
export interface OpenRequests {
  /** Adds a request, or takes over one whose answer its client has not received. */
  open(request: OpenRequest, terms: Terms): Promise<Opened>
  /**
   * Ends the service of a request whose idempotency key is `key`. When the client has its answer, nothing is kept.
   * Otherwise a repeat can take the request over for some minutes.
   */
  leave(request: OpenRequest, end: { key: string; isAnswered: boolean }): Promise<void>
  /** Keeps a request that still waits. */
  keep(request: OpenRequest): Promise<void>
  /** Shows that a process serves; it must be called again soon. `count` differs each time. */
  beat(process: string, count: number): Promise<void>
  /** The latest count of a process; undefined when it has been silent for some seconds. */
  lastBeat(process: string): Promise<string | undefined>
}
