/** The operations that reconcile one shard. Each serves at most `limit` entries. */
export interface Maintenance {
  /** Queues turns that an earlier version has queued. Returns their number, and whether more are left. */
  adopt(shard: number, limit: number): Promise<{ adopted: number; isMoreLeft: boolean }>
  /**
   * Looks whether a turn can start, and how many tickets wait; and when the next turn that was returned may start, in
   * milliseconds from now.
   */
  findWork(
    shard: number,
  ): Promise<{ isStartable: boolean; waiting: number; returnsInMs: number | undefined }>
  /**
   * Queues turns whose start has come. Returns their number, and the milliseconds until the next one; the number is
   * `limit` when more may be left.
   */
  queueDue(shard: number, limit: number): Promise<{ queued: number; nextInMs: number | undefined }>
  /**
   * Compares the slots and the place of some workspaces with the leases and their turns, and corrects them. Returns the
   * number of corrections. Repeated calls reach all workspaces.
   */
  checkWorkspaces(shard: number, limit: number): Promise<number>
  /** Queues turns again that this version could not run or read when it claimed them. Returns their number. */
  recheckTurns(shard: number, limit: number): Promise<number>
  /** Queues turns with an expired lease. Returns their number and the errors; those turns stay due. */
  expireLeases(shard: number, limit: number): Promise<{ expired: number; failures: unknown[] }>
  /**
   * Ends turns that have passed their deadline, their own or that of a cancel, and queues parked turns whose time has
   * come. Returns the numbers of both and the errors; entries that failed stay due.
   */
  serveDeadlines(
    shard: number,
    limit: number,
  ): Promise<{ ended: number; resumed: number; failures: unknown[] }>
  /** Ends turns that have expired before a worker had them. Returns their number and the errors; those turns stay due. */
  serveExpiries(shard: number, limit: number): Promise<{ expired: number; failures: unknown[] }>
  /** Milliseconds until the next deadline or expiry of a turn, and until the next lease ends. */
  nextDue(shard: number): Promise<number>
  /** Answers calls whose sub-agent has ended and whose answer is not recorded. Returns their number. */
  serveAnswers(shard: number, againMs: number, limit: number): Promise<number>
  /**
   * Purges tasks whose retention has expired, after the first `skip` of them. Returns how many were due, how many are
   * purged, and the errors; tasks that failed stay due. Purges nothing while another process purges the shard.
   */
  purgeDue(
    shard: number,
    limit: number,
    skip?: number,
  ): Promise<{ due: number; purged: number; failures: unknown[] }>
  /** Records the heartbeat of a worker process, and its number of slots. A silent process is presumed dead. */
  workerAlive(shard: number, worker: string, slots?: number): Promise<void>
  workerGone(shard: number, worker: string): Promise<void>
  /** Records a deleted agent, whose tasks are then cancelled or deleted one by one. `agentDone` ends that. */
  agentDeleted(shard: number, agent: DeletedAgent): Promise<void>
  /** Agents whose tasks are to be deleted come first. */
  deletedAgents(shard: number): Promise<DeletedAgent[]>
  tasksOfAgent(shard: number, agentId: string, limit: number): Promise<string[]>
  taskOfAgentDone(shard: number, agentId: string, taskId: string): Promise<void>
  /**
   * Removes the record of a deleted agent once it has been deleted for `deletedForMs`. After that, no late submit can
   * add a task.
   */
  agentDone(shard: number, agentId: string, deletedForMs: number): Promise<void>
}

/** A deleted agent, and what happens to its tasks: they are cancelled and stay readable, or they are deleted. */
export type DeletedAgent = { agentId: string; tasks: 'cancel' | 'delete' }
