import type { BodyOf, Schedule } from '@longhaul/client'
import { UsageError } from '../../failure.ts'
import type { Given } from '../../spec.ts'

type Patch = BodyOf<'patch', '/v3/agents/{agent_key}/schedules/{schedule_id}'>

/** The fields of a schedule that options name. `none` clears a field. */
export function fieldsOf(given: Given): Patch {
  const text = (option: string) => {
    const value = given.text(option)
    return value === 'none' ? null : value
  }
  const number = (option: string) => (given.text(option) === 'none' ? null : given.number(option))
  const fields = {
    display_name: given.text('name'),
    timezone: given.text('timezone'),
    overlap: given.text('overlap'),
    catch_up: catchUpOf(given),
    spread: text('spread'),
    start_at: text('startAt'),
    end_at: text('endAt'),
    max_runs: number('maxRuns'),
    continue_task: continuesOf(given),
    priority: number('priority'),
    pause_after_failures: number('pauseAfterFailures'),
    agent_tag: text('agentTag'),
  }
  // The server checks what the options only copy.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Patch
}

export function typeOf(expression: string): Schedule['type'] {
  if (expression.startsWith('@every')) return 'interval'
  return expression.startsWith('@at') ? 'once' : 'cron'
}

function catchUpOf(given: Given): object | undefined {
  const [window, runs] = [given.text('catchUp'), given.text('catchUpRuns')]
  if (window === undefined && runs === undefined) return undefined
  return { ...(window !== undefined && { window }), ...(runs !== undefined && { runs }) }
}

function continuesOf(given: Given): boolean | undefined {
  const [continues, isNew] = [given.flag('continueTask'), given.flag('newTasks')]
  if (continues && isNew) throw new UsageError('--continue-task and --new-tasks exclude each other')
  return continues ? true : isNew ? false : undefined
}
