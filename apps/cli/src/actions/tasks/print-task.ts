import type { Task } from '@longhaul/client'
import { Failure } from '../../failure.ts'
import { formatDuration } from '../../output/durations.ts'
import type { Output } from '../../output/output.ts'

/** The status of a task in one word, or what it waits for. */
export function stateOf({ status, waiting }: Task): string {
  return status === 'in_progress' && waiting ? `waits: ${waiting.for}` : status
}

export function printTask(task: Task, out: Output): void {
  const { task_id: id, agent_key: agent, status, waiting, error, usage } = task
  const field = (name: string, value: string | undefined) => {
    if (value !== undefined)
      out.line(`${out.style('dim', name.padEnd(8))} ${out.style('reset', value)}`)
  }
  field('task', id)
  field('status', stateOf(task))
  field('agent', agent)
  field('model', task.model)
  field(
    'created',
    `${task.created_at} (${formatDuration(Date.now() - Date.parse(task.created_at))} ago)`,
  )
  field('waits', waiting?.message)
  field('tokens', usage && `${usage.prompt_tokens} in, ${usage.completion_tokens} out`)
  field('error', error)
  for (const call of task.pending_tool_calls ?? []) {
    field('call', `${call.function.name} ${call.function.arguments}`)
  }
  const text = answerOf(task)
  if (text !== '') out.print(`\n${text}`)
  if (status === 'in_progress' && waiting?.for === 'approval') {
    out.note(`Decide it: longhaul reviews approve ${id}`)
  }
}

/** The text of the final message. */
export function answerOf({ output }: Pick<Task, 'output'>): string {
  const [final] = output
  const texts = (final?.parts ?? []).flatMap((part) => (part.kind === 'text' ? [part.text] : []))
  return texts.join('')
}

export function failureOfTask({ task_id: id, error }: Task): Failure {
  return new Failure(`task ${id} failed: ${error ?? 'without a reason'}`, {
    hint: `longhaul tasks log ${id} shows what happened.`,
  })
}
