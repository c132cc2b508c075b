import type { Job } from './queue.ts'

/** What a reconciler needs to repair one shard. Each verb serves at most `limit` entries. */
export interface Maintenance {
  /** Turns that wait for a job longer than they should; each is due again after `againMs`. */
  dueOutbox(shard: number, againMs: number, limit: number): Promise<Job[]>
  /** Turns whose worker let its lease expire go back to the outbox, as a new segment; and what failed, which stays due. */
  expireLeases(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ jobs: Job[]; failures: unknown[] }>
  /**
   * Turns that have passed their deadline, their own or that of a cancel, are ended, and parked ones
   * whose time has come are queued again, with a job that is looked for after `againMs`; how many of each,
   * and what failed, which stays due.
   */
  serveDeadlines(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ ended: number; resumed: number; failures: unknown[] }>
  /** Answers calls of sub-agents that have ended, where no answer is recorded; how many. */
  serveAnswers(shard: number, againMs: number, limit: number): Promise<number>
  /**
   * Purges tasks whose retention is over, behind the first `skip` of them: how many there were, how many are
   * gone, and what failed, which stays due. None while another process purges the shard.
   */
  purgeDue(
    shard: number,
    limit: number,
    skip?: number,
  ): Promise<{ due: number; purged: number; failures: unknown[] }>
  /** A worker process lives; one that is silent is held to be dead. */
  workerAlive(shard: number, worker: string): Promise<void>
  workerGone(shard: number, worker: string): Promise<void>
  /** The tasks of a deleted agent are cancelled or deleted, one by one; `agentDone` ends the search for more. */
  agentDeleted(shard: number, agent: DeletedAgent): Promise<void>
  /** Those whose tasks are to be deleted come first. */
  deletedAgents(shard: number): Promise<DeletedAgent[]>
  tasksOfAgent(shard: number, agentId: string, limit: number): Promise<string[]>
  taskOfAgentDone(shard: number, agentId: string, taskId: string): Promise<void>
  /** Forgets a deleted agent, once it has been deleted for `deletedForMs`: no late submit can bring it a task. */
  agentDone(shard: number, agentId: string, deletedForMs: number): Promise<void>
}

/** An agent that was deleted, and what becomes of its tasks: they are cancelled and stay readable, or are deleted. */
export type DeletedAgent = { agentId: string; tasks: 'cancel' | 'delete' }
