import { KB, SECOND, MINUTE } from './units.ts'

/** A worker process. */
export const workerLimits = {
  /**
   * What a process holds of tasks: shares of a worker's heap for logs, for work under way, and for plans, and of that of
   * an API process for bodies and replies; the log of a turn that
   * never waits; what a reply, a file or a request may have before it waits for room, and how often its bytes count, which
   * are there as they came, as text and as JSON; how full the room for logs may be when one more comes in; when a turn looks
   * for room again, how many of a workspace look as often as that, and how long one that is late keeps its place.
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
  /** When a job comes back that this worker is too old for, one whose Redis was away, and one whose log could not be read. */
  newerDelay: 5 * SECOND,
  unavailableDelay: SECOND,
  unreadDelay: 5 * SECOND,
  /**
   * How much a worker's maintenance does at once, and when it looks again: tasks that are purged together, and how long
   * one shard is; turns that are repaired together, after how long a job is added again, and other work taken again; how
   * long a deleted agent's late tasks are cancelled; failed tasks that go on.
   */
  maintenance: {
    purgeBatch: 50,
    purgeSlice: SECOND / 4,
    batch: 500,
    outboxRetryMs: 30 * SECOND,
    takenRetryMs: 5 * SECOND,
    lateSubmit: MINUTE,
    redriveEvery: SECOND,
    redriveBatch: 100,
    redriveRetryMs: 30 * SECOND,
  },
  /**
   * Worker processes in a row that die while they run a turn which records no fact: from so many on it is a suspect.
   * Of those that died after streamed output the first few do not count. A suspect ends when so many processes have
   * died of it that ran nothing else.
   */
  blame: { suspect: 2, streamed: 3, alone: 2 },
  /**
   * Processes of one worker that each run one suspect: at once, of one workspace, how often a suspect that finds none
   * free looks again; how long such a process may take to start, its event loop to stand still, and to leave when its worker has died. One that was never
   * seen to die alone rests before its next try: after so many deaths, doubling from the first rest to the longest.
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
