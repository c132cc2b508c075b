import type { ReplyOf, Schedule } from '@longhaul/client'
import type { Context } from '../../context.ts'
import type { Given } from '../../spec.ts'
import { printList } from '../shared/print-list.ts'
import { take } from '../shared/take.ts'
import { refOf } from './schedule-ref.ts'

export async function listSchedules(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  const { schedules: found } = await schedules.list(given.args[0] ?? '', { signal })
  const list = {
    header: ['SCHEDULE', 'STATE', 'NEXT RUN', 'TIMES', 'NAME'],
    row: ({ _id: id, ...schedule }: Schedule) => [
      id,
      schedule.is_active ? 'active' : `paused (${schedule.paused_reason ?? 'unknown'})`,
      schedule.next_run_at ?? '',
      `${schedule.expression} ${schedule.type === 'cron' ? schedule.timezone : ''}`.trim(),
      schedule.display_name ?? '',
    ],
    id: ({ _id: id }: Schedule) => id,
    empty: 'No schedule. `longhaul schedules create --help` shows how to create one.',
  }
  printList(found, list, { given, out })
}

export async function getSchedule(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  out.document(await schedules.get(refOf(given), { signal }))
}

type Run = ReplyOf<'get', '/v3/agents/{agent_key}/schedules/{schedule_id}/runs'>['runs'][number]

export async function listRuns(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  const runs = await take(schedules.allRuns(refOf(given), { signal }), given.number('limit') ?? 50)
  const list = {
    header: ['TASK', 'TIME', 'KIND', 'STATUS', 'REASON'],
    row: (run: Run) => [
      run.task_id ?? '',
      run.scheduled_for,
      run.kind,
      run.status,
      [run.reason, run.message].filter((text) => text !== undefined).join(': '),
    ],
    id: (run: Run) => run.task_id,
    empty: 'It has not run yet.',
  }
  printList(runs, list, { given, out })
}
