import { KB, SECOND, MINUTE } from './units.ts'

/** A worker process. */
export const workerLimits = {
  /**
   * Memory of a process.
   *
   * - `logs`, `work`, `plans`: the shares of a worker's heap for logs, for replies, files and requests, and for plans.
   * - `requests`: the share of an API process's heap for bodies and replies.
   * - `smallLog`: a turn with a log up to this size never waits.
   * - `smallWork`: a reply, a file or a request up to this size does not wait for capacity.
   * - `copies`: how often its bytes are counted, because they are held as received, as text and as JSON.
   * - `filled`: how much of the capacity for logs may be used when one more log is admitted.
   * - `again`, `atOnce`: when a turn tries again, and how many turns of a workspace try as often as that.
   * - `patience`: how long a turn that is late keeps its position.
   */
  liveBytes: {
    logs: 0.16,
    work: 0.25,
    plans: 0.03,
    requests: 0.125,
    smallLog: 256 * KB,
    smallWork: 64 * KB,
    copies: 6,
    filled: 0.75,
    again: SECOND,
    atOnce: 20,
    patience: 5 * SECOND,
  },
  /** How long a worker uses one ticket, and for how many turns. Then it gives the ticket back, between two turns. */
  worker: { ticketMs: MINUTE, ticketTurns: 1_000 },
  /**
   * When a turn may start again: one that needs a newer worker, one whose Redis was unavailable, one whose log could not
   * be read, and one that has crashed workers and may not run beside another such turn.
   */
  newerDelay: 5 * SECOND,
  unavailableDelay: SECOND,
  unreadDelay: 5 * SECOND,
  crashedDelay: SECOND,
  /**
   * How much a worker's maintenance does at once, and when it repeats its work: tasks that are purged together, and the
   * time for one shard; turns that are reconciled together, and workspaces that are checked together; when other work is
   * taken again; how long late tasks of a deleted agent are cancelled; how redrives are scheduled.
   */
  maintenance: {
    purgeBatch: 50,
    purgeSlice: SECOND / 4,
    batch: 500,
    workspaces: 20,
    takenRetryMs: 5 * SECOND,
    lateSubmit: MINUTE,
    redriveEvery: SECOND,
    redriveBatch: 100,
    redriveRetryMs: 30 * SECOND,
  },
  /**
   * Consecutive worker processes that die while they run a turn which records no fact: from this number on, the turn is
   * a suspect. The first few that died after streamed output do not count. A suspect is ended when `alone` processes
   * that ran nothing else have died of it. A worker process runs one turn at a time of those that `several` have died of.
   */
  blame: { suspect: 2, streamed: 3, alone: 2, several: 2 },
  /**
   * Processes of one worker that each run one suspect: how many run at once, and how many of one workspace; how often a
   * suspect that finds no free process tries again; how long such a process may take to start, how long its event loop
   * may be blocked, and how long it may take to exit when its worker has died. A suspect that never crashed a process
   * alone waits before its next try: from `after` crashes on, with a wait that doubles from `first` to `longest`.
   */
  suspects: {
    atOnce: 4,
    perWorkspace: 3,
    retryMs: 2 * SECOND,
    start: MINUTE,
    standstill: 10 * SECOND,
    farewell: 2 * SECOND,
    rest: { after: 4, first: 10 * SECOND, longest: 10 * MINUTE },
  },
} as const
