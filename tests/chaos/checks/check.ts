import { checkAcceptance } from './acceptance.ts'
import { checkApprovals } from './approvals.ts'
import { checkBlame } from './blame.ts'
import { checkCancels } from './cancels.ts'
import { checkEffects } from './effects.ts'
import { checkArrivals, checkEventIds, checkEventOwners } from './events.ts'
import { checkExchange } from './exchange.ts'
import { checkFullCompletion, checkFullRefusals } from './full-redis.ts'
import { checkLimits, checkPauses } from './limits.ts'
import { checkLog } from './log.ts'
import { checkNextTurn } from './next-turn.ts'
import { checkNeighbours } from './neighbours.ts'
import { checkOutcome } from './outcome.ts'
import { checkRefusals } from './refusals.ts'
import { checkRepeats } from './repeats.ts'
import { checkRivalries } from './concurrent-continuations.ts'
import { checkStreams } from './streams.ts'
import { checkTurnOptions } from './turn-options.ts'
import type { Evidence, TaskEvidence } from '../evidence/evidence.ts'
import type { Check } from './check-function.ts'

/** A broken promise: the rule, the task and what happened. */
export type Violation = { rule: string; task: number | undefined; what: string }

const checks: Record<string, Check> = {
  'an accepted task is never lost': checkAcceptance,
  'a turn has the end of its script, once': checkOutcome,
  'every message and result is there, once': checkExchange,
  'only the holder of a turn has written': checkLog,
  'a recorded step is never run again': checkRepeats,
  'on_crash fail is sent at most once': checkEffects,
  'a stream is complete and in order': checkStreams,
  'a call that needs approval waits for it': checkApprovals,
  'cancel means stop': checkCancels,
  'a refusal comes soon': checkRefusals,
  'a full Redis takes nothing in silence': checkFullRefusals,
  'after a full Redis what was acknowledged completes': checkFullCompletion,
  'a turn has the options of its request': checkTurnOptions,
}

/** The checks of a task that cannot be read in the end. */
const checksOfMissing = {
  'an accepted task is never lost': checkAcceptance,
  'after a full Redis what was acknowledged completes': checkFullCompletion,
}

const rivalry = 'of two continues at once one is taken'
const blame = 'no plain task ends worker_crashed or provider_failed'
const neighbours = 'while one process is cut off the others go on'
const keeping = 'what a replica had received is kept'
const limitation = 'no limit is exceeded'
const pausing = 'a paused workspace starts nothing'
const fairness = 'who is next starts next'
const arrival = 'every event arrives'
const identity = 'a repeated event has its id'
const ownership = 'an event goes to its own workspace'
const tidiness = 'when all is over, nothing is left to do'
const obedience = 'a process starts, lives and stops as it is told'
const completeness = 'every planned kind of fault happens'

export const rules = [
  ...Object.keys(checks),
  rivalry,
  blame,
  neighbours,
  keeping,
  limitation,
  pausing,
  fairness,
  arrival,
  identity,
  ownership,
  tidiness,
  obedience,
  completeness,
]

/** Returns every violation in the evidence. */
export function check(evidence: Evidence): Violation[] {
  const found = evidence.tasks.flatMap((task) =>
    Object.entries(checksOf(task)).flatMap(([rule, find]) =>
      find(task, evidence).map((what) => ({ rule, task: task.script.number, what })),
    ),
  )
  return [
    ...found,
    ...checkRivalries(evidence).map((problem) => ({ rule: rivalry, ...problem })),
    ...checkBlame(evidence).map((problem) => ({ rule: blame, ...problem })),
    ...inGeneral(neighbours, checkNeighbours(evidence)),
    ...inGeneral(keeping, evidence.receivedLost),
    ...inGeneral(limitation, checkLimits(evidence)),
    ...inGeneral(pausing, checkPauses(evidence)),
    ...inGeneral(fairness, checkNextTurn(evidence)),
    ...checkArrivals(evidence).map((problem) => ({ rule: arrival, ...problem })),
    ...inGeneral(identity, checkEventIds(evidence)),
    ...inGeneral(ownership, checkEventOwners(evidence)),
    ...inGeneral(tidiness, evidence.leftovers),
    ...inGeneral(obedience, evidence.mishaps),
    ...inGeneral(completeness, missingFaults(evidence)),
  ]
}

/** A task that cannot be read in the end has nothing to compare. */
function checksOf({ final }: TaskEvidence): Record<string, Check> {
  return final === undefined || final.status === 200 ? checks : checksOfMissing
}

function inGeneral(rule: string, problems: string[]): Violation[] {
  return problems.map((what) => ({ rule, task: undefined, what }))
}

function missingFaults({ planned, faults }: Evidence): string[] {
  const happened = new Set(faults.map(({ kind }) => kind))
  return planned.flatMap((kind) => (happened.has(kind) ? [] : [`there was no "${kind}"`]))
}
