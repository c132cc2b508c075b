import type { Context } from '../../context.ts'
import { failureOf, Failure } from '../../failure.ts'
import type { Given } from '../../spec.ts'
import { confirm } from '../shared/confirm.ts'

export async function cancelTasks(given: Given, context: Context): Promise<void> {
  const { tasks } = await context.client()
  const wait = given.flag('wait') ? { wait: 60 } : {}
  await forEach(given.args, context, async (id) => {
    const { status, error } = await tasks.cancel(id, { ...wait, signal: context.interrupted })
    return { task_id: id, status, ...(error !== undefined && { error }) }
  })
}

export async function redriveTasks(given: Given, context: Context): Promise<void> {
  const { tasks } = await context.client()
  await forEach(given.args, context, (id) => tasks.redrive(id, { signal: context.interrupted }))
}

export async function deleteTasks(given: Given, context: Context): Promise<void> {
  const count = given.args.length
  await confirm(count === 1 ? `Delete task ${given.args[0]}?` : `Delete ${count} tasks?`, context)
  const { tasks } = await context.client()
  await forEach(given.args, context, async (id) => {
    await tasks.delete(id, { signal: context.interrupted })
    return { task_id: id, deleted: true }
  })
}

/** Changes tasks one after the other. One that fails does not stop the others, and decides the exit code. */
async function forEach(
  ids: string[],
  { out, interrupted, connection }: Context,
  change: (id: string) => Promise<{ task_id: string; status?: string; deleted?: boolean }>,
): Promise<void> {
  const server = await connection()
  let last: Failure | undefined
  for (const id of ids) {
    interrupted.throwIfAborted()
    try {
      const changed = await change(id)
      if (out.json) out.entry(changed)
      else out.line(`${id} ${changed.deleted ? 'deleted' : wordOf(changed.status)}`)
    } catch (error) {
      const failure = failureOf(error, server)
      if (failure === undefined || ids.length === 1) throw error
      out.note(`longhaul: ${id}: ${failure.message}`)
      last = failure
    }
  }
  if (last === undefined) return
  throw new Failure('not all of the tasks could be changed', { exitCode: last.exitCode })
}

function wordOf(status: string | undefined): string {
  if (status === undefined) return 'continues'
  return status === 'in_progress' ? 'is being cancelled' : status
}
