import type { Job } from './queue.ts'

/** The operations that reconcile one shard. Each serves at most `limit` entries. */
export interface Maintenance {
  /** Turns that wait for a job longer than expected. Each is due again after `againMs`. */
  dueOutbox(shard: number, againMs: number, limit: number): Promise<Job[]>
  /**
   * Returns turns with an expired lease to the outbox, as a new segment. `failures` are the errors; those turns stay
   * due.
   */
  expireLeases(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ jobs: Job[]; failures: unknown[] }>
  /**
   * Ends turns that have passed their deadline, their own or that of a cancel, and queues parked turns whose time has
   * come. The job of a queued turn is checked after `againMs`. Returns the numbers of both and the errors; entries that
   * failed stay due.
   */
  serveDeadlines(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ ended: number; resumed: number; failures: unknown[] }>
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
  /** Records the heartbeat of a worker process. A silent process is presumed dead. */
  workerAlive(shard: number, worker: string): Promise<void>
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
