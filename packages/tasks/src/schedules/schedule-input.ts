import { invalid, limits, LonghaulError, type Schedule } from '@longhaul/core'
import type { Seal } from '../secrets/seal.ts'
import { sealVariables } from '../secrets/seal-variables.ts'
import type { SentItem } from '../submit/input/input-item.ts'

type Own = 'id' | 'workspace' | 'agentId' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'

/** A schedule as a caller defines it. `items` is the input in the form of a request, if it is a list. */
export type ScheduleInput = Omit<Schedule, Own | 'payload'> & { payload: PayloadInput }

export type PayloadInput = Omit<Schedule['payload'], 'items' | 'input'> & {
  input?: unknown
  items?: SentItem[]
}

type Clearable =
  | 'agentTag'
  | 'spread'
  | 'startAt'
  | 'endAt'
  | 'maxRuns'
  | 'priority'
  | 'pauseAfterFailures'

/** What changes. A null clears a field. */
export type SchedulePatch = {
  [K in keyof ScheduleInput]?: ScheduleInput[K] | (K extends Clearable ? null : never) | undefined
} & { isActive?: boolean | undefined }

/** The payload as it is stored: its secrets are sealed. Secrets of `current` may be kept. */
export function storedPayload(
  payload: PayloadInput,
  { workspace, current, seal }: { workspace: string; current?: Schedule['payload']; seal: Seal },
): Schedule['payload'] {
  refuseReferences(payload.items)
  const { variables, ...rest } = payload
  if (variables === undefined) return rest
  const sealed = sealVariables(variables, {
    workspace,
    seal,
    ...(current?.variables && { current: current.variables }),
  })
  return { ...rest, variables: sealed }
}

/** An item that is only named may be gone when the schedule fires. */
function refuseReferences(items: SentItem[] = []): void {
  const named = items.find(({ messages }) => messages === undefined)
  if (named !== undefined) {
    throw invalid(
      `payload.${named.path}`,
      'must have its content: a schedule cannot refer to items',
    )
  }
}

/** Applies a patch. The payload was stored before. */
export function patched(
  schedule: Schedule,
  patch: Omit<SchedulePatch, 'isActive' | 'payload'>,
  payload: Schedule['payload'],
): Schedule {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined)
  const merged = { ...schedule, ...Object.fromEntries(given), payload }
  const kept = Object.entries(merged).filter(([, value]) => value !== null)
  return Object.fromEntries(kept) as Schedule
}

/** Throws for a schedule that contradicts itself, or is too large. */
export function checkSchedule(schedule: Schedule): void {
  if (schedule.continueTask && schedule.overlap === 'allow') {
    throw invalid('overlap', 'cannot be allow with continue_task: a task has one run at a time')
  }
  if (JSON.stringify(schedule).length > limits.schedules.definition) {
    throw new LonghaulError(
      'too_large',
      `The schedule is too large: ${limits.schedules.definition} characters are kept. Let the input name what the agent can fetch.`,
    )
  }
}
