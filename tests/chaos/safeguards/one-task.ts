import type { Step, TaskScript, ToolCallScript } from '../tasks/task-script.ts'

/**
 * One task that asks for the date at the end of each step except the last. `delays`: how long the model takes for each
 * step. `silent`: the steps without text.
 */
export function oneTask(
  mode: TaskScript['mode'],
  delays: number[],
  silent: number[] = [],
): TaskScript {
  const steps = delays.map((delay, place): Step => {
    const step = place + 1
    // One write records a step without text.
    const text = silent.includes(step) ? '' : `This is step ${step}.`
    const last = step === delays.length
    const calls: ToolCallScript[] = last
      ? []
      : [{ id: `t1_s${step}_c0`, tool: 'current_date', service: 'answers' }]
    const usage = { input: 100 * step, output: 2 ** step }
    const scripted = calls.map(({ id, tool }) => ({ id, name: tool, arguments: {} }))
    const reply = { delay, text, usage, ...(!last && { calls: scripted }) }
    return { replies: [reply], requests: 1, text, calls, usage }
  })
  const text = steps.at(-1)?.text ?? ''
  return { number: 1, mode, at: 0, steps, outcome: { status: 'completed', reason: 'stop', text } }
}
