import type { Step, TaskScript, ToolCallScript } from './task-script.ts'
import { toScriptedCall } from './scripted-call.ts'

/** The tasks of one memory pressure have results of almost 1 MB each, together no more than one reply may include. */
const tasksAtOnce = 6
const callingSteps = 2
const callsPerStep = 12

/** The tasks of one memory pressure. */
export function heavyTasks(first: number, at: number): TaskScript[] {
  return Array.from({ length: tasksAtOnce }, (_, place) => heavyTask(first + place, at))
}

function heavyTask(number: number, at: number): TaskScript {
  const steps = Array.from({ length: callingSteps + 1 }, (_, place) =>
    stepOf(number, place + 1, place < callingSteps ? callsPerStep : 0),
  )
  const text = steps.at(-1)?.text ?? ''
  const outcome = { status: 'completed', reason: 'stop', text } as const
  return { number, mode: 'background', at, steps, outcome, heavy: at }
}

function stepOf(number: number, step: number, count: number): Step {
  const text = `Task ${number}, step ${step}: it holds much.`
  const calls = Array.from({ length: count }, (_, place): ToolCallScript => {
    return { id: `t${number}_s${step}_c${place}`, tool: 'archive', service: 'large' }
  })
  const usage = { input: 100 * step + (number % 10), output: 2 ** step }
  const scripted = calls.length > 0 && { calls: calls.map(toScriptedCall) }
  const replies = [{ delay: 100, text, usage, ...scripted }]
  return { replies, requests: 1, text, calls, usage }
}
