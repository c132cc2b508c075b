import {
  defaultPriority,
  factVersion,
  fullAt,
  headVersion,
  limits,
  priorityDelay,
} from '@longhaul/core'

/** Constants that several scripts, or a script and TypeScript, share. A script uses one by its name. */
export const constants = {
  /** The versions of facts and of heads that the scripts write, which are the newest that they can read. */
  writtenVersion: factVersion,
  /** The first characters of a stored fact of this version, as Lua. */
  factStart: `'{"v":${factVersion},"pos":'`,
  headVersion,
  /** The same as a text of Lua. */
  headVersionText: `'${headVersion}'`,
  usualPriority: defaultPriority,
  usualPriorityDelayMs: priorityDelay(defaultPriority, limits.priorityAgeing),
  /** A turn that is accepted has a ticket of its own, unless this many wait in its shard. */
  ticketsWaiting: 1_000,
  /** How many turns a claim examines: those that it cannot use do not stop the others. */
  candidatesOfClaim: 8,
  /** How many turns whose start has come a claim queues. A reconciler queues many. */
  dueOfClaim: 10,
  /** The score of `!due` in the ring is its time minus this number, so that it comes first. */
  dueBase: 1_000_000_000_000_000,
  /** An expired turn that a claim finds is not examined again for so long: a reconciler ends it. */
  expiredAgainMs: 10_000,
  /** How many fairness keys of a workspace are examined for the time that turns wait. */
  lanesRead: 8,
  /** How many lanes a claim puts back into the rings when a class of models opens. */
  lanesOpened: 10,
  /** The keys of a workspace are checked together if they are fewer than this. */
  keysChecked: 5_000,
  /** How many keys of a workspace the demand for workers is computed from. */
  keysExamined: 1_000,
  /** How many tasks are shown that hold a waiting turn up, and how many are examined for it. */
  holdersShown: 5,
  holdersExamined: 100,
  /** A task with this many facts, or bytes including those of the turn, accepts no turn. */
  fullAtFacts: fullAt.facts,
  fullAtBytes: fullAt.bytes,
  /** A larger log is not returned with the claim. */
  largeBytes: limits.large,
  /** Crashes that make a turn a suspect; those after streamed output that do not count; those alone that condemn it. */
  suspectCrashes: limits.blame.suspect,
  forgivenStreamed: limits.blame.streamed,
  condemningAlone: limits.blame.alone,
  /** Crashes after which a process runs no second such turn at the same time, and when the turn is tried again. */
  severalCrashes: limits.blame.several,
  crashedDelayMs: limits.crashedDelay,
  /** The time after which a reconciler delivers an undelivered answer of a sub-agent. */
  answerLostAfterMs: 2_000,
  /**
   * How long deltas are kept after a turn, for clients that are still reading. The log has the whole text as long as
   * the task exists.
   */
  deltasKeptSeconds: 3_600,
  /** The approximate number of notifications in a stream. */
  notificationsKept: 10_000,
  /** A larger result is not announced with the end of its turn: the stream of notifications would hold many. */
  announcedBytes: 1_024,
  /** Larger pieces of output are read by the bytes of a page. */
  smallDeltaBytes: 4_096,
  /** How long the open streams of a silent API process count. */
  reportKeptMs: 5_000,
  /** How long a silent worker process is listed. */
  silentWorkerKeptMs: 3_600_000,
  /** Smaller caller metadata is not counted for its workspace, because the count would cost every turn a command. */
  countedMetadataBytes: 1_024,
  /** The bytes of a smaller turn are counted for its workspace at its end, for the same reason. */
  countedAtOnceBytes: 4_096,
} as const
