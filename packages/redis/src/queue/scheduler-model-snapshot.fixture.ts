import { onReturn } from '@longhaul/core'
import { type ModelRings, type ModelTurn, order } from './scheduler-model-ring.fixture.ts'

/** What a history uses. Without classes, the rings and the virtual times are compared, too. */
export type Scope = {
  names: readonly string[]
  keys: readonly string[]
  classes: readonly string[]
}

/** The score of `!due` in the ring is its time minus this number. */
const dueBase = 1_000_000_000_000_000

/** Everything that Redis must contain, as the text of `snapshotOf`. */
export function snapshotOfModel(
  { all, workspaceOf, laneOf, shareOf, shard }: ModelRings,
  { names, keys, classes }: Scope,
): string {
  const live = all()
  const returned = live.filter(({ returnedAt }) => returnedAt !== undefined)
  const due = scored(live, ({ job, dueAt }) => [[job, dueAt]])
  const lines: string[] = []
  function add(name: string, entries: (readonly [string, number | undefined])[]) {
    lines.push(`${name}=${text(entries)}`)
  }
  const known = names.map(workspaceOf)
  lines.push(
    `returned=${text(scored(returned, ({ job, returnedAt }) => [[job, returnedAt]]))}`,
    `due=${text(due)}`,
    `expiries=${text(scored(live, ({ job, expires }) => [[job, expires]]))}`,
    `leases=${text(scored(live, (of) => [[of.job, of.status === 'running' ? of.leaseUntil : undefined]]))}`,
    `deadlines=${text(
      scored(live, ({ job, deadline, wakeAt }) => [
        [deadlineOf(job, 'end'), deadline],
        [deadlineOf(job, 'wake'), wakeAt],
      ]),
    )}`,
  )
  const isExact = classes.length === 0
  if (isExact) {
    const firstDue = Math.min(...live.map(({ dueAt = Infinity }) => dueAt))
    add('ring', [
      ...(firstDue < Infinity ? [['!due', firstDue - dueBase] as const] : []),
      ...(shard.isPaused ? [['!paused', -3] as const] : []),
      ...(returned.length > 0 ? [['!returned', -1] as const] : []),
      ...known
        .filter(({ isIn }) => isIn)
        .map((workspace) => {
          const { running, weight } = shareOf(workspace)
          return [memberOf(workspace.time, workspace.name), running / weight] as const
        }),
    ])
    lines.push(`time=${shard.time}`)
  }
  for (const workspace of known) {
    const lanes = keys.map((key) => laneOf(workspace, key))
    const running = [...workspace.lanes.values()].flatMap((lane) =>
      [...lane.running].map(({ job }) => job),
    )
    lines.push(
      `running=${running.toSorted(order).join()}`,
      `queued=${lanes.reduce((sum, { queued }) => sum + queued.size, 0)}`,
    )
    if (isExact) {
      lines.push(`times=${onReturn(workspace.time, shard.time)} ${workspace.keyTime}`)
      const inRing = [...workspace.lanes.values()].filter(({ isIn }) => isIn && workspace.isKeyed)
      add(
        'keys',
        inRing.map((lane) => [memberOf(lane.time, lane.key), lane.running.size]),
      )
    }
    for (const lane of lanes) {
      for (const of of ['', ...classes]) {
        const waiting = [...lane.queued].filter(({ waitClass }) => waitClass === of)
        add(
          'turns',
          waiting.map(({ job, score }) => [job, score]),
        )
      }
      const used = workspace.isKeyed ? lane.running.size : 0
      lines.push(
        isExact
          ? `lane=${used} ${workspace.isKeyed ? onReturn(lane.time, workspace.keyTime) : 0}`
          : `lane=${used}`,
      )
    }
  }
  return lines.join('\n')
}

export function deadlineOf(job: string, what: 'end' | 'wake'): string {
  return `${job.slice(0, job.lastIndexOf('.'))}:${what}`
}

function memberOf(time: number, name: string): string {
  return `${String(time).padStart(15, '0')}:${name}`
}

type Entry = readonly [member: string, score: number | undefined]

function scored(turns: readonly ModelTurn[], entriesOf: (turn: ModelTurn) => Entry[]): Entry[] {
  return turns.flatMap(entriesOf)
}

/** A set as text, in the order of Redis. An entry without a score is not there. */
function text(entries: readonly Entry[]): string {
  return entries
    .filter((entry): entry is readonly [string, number] => entry[1] !== undefined)
    .toSorted(([a, aScore], [b, bScore]) => aScore - bScore || order(a, b))
    .map(([member, score]) => `${member} ${Number.isInteger(score) ? score + 0 : score.toFixed(6)}`)
    .join()
}
