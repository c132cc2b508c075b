import type { SeededRandom } from './seeded-random.ts'
import type { TaskScript } from './task-script.ts'
import { turnOptions } from './turn-options.ts'

/** The time between two bursts, in milliseconds, and the number of tasks in each. */
const burstEvery = 25_000
const tasksAtOnce = 30

/**
 * The tasks of bursts: one workspace submits more than all workers can run at once, most of them for one fairness key.
 */
export function shortTasks(
  first: number,
  { ms, random }: { ms: number; random: SeededRandom },
): TaskScript[] {
  const bursts = Math.ceil(ms / burstEvery)
  return Array.from({ length: bursts * tasksAtOnce }, (_, place) => {
    const at = Math.floor(place / tasksAtOnce) * burstEvery + Math.min(ms, burstEvery) / 5
    return shortTask({ number: first + place, at, random })
  })
}

type Short = { number: number; at: number; random: SeededRandom }

function shortTask({ number, at, random }: Short): TaskScript {
  const text = `Task ${number} is short.`
  const usage = { input: 100 + (number % 10), output: 2 }
  const replies = [{ delay: random.between(100, 500), text, usage }]
  return {
    number,
    workspace: 'noisy',
    ...turnOptions(random, { fairnessKey: random.happens(0.6) ? 'ada' : undefined }),
    mode: 'background',
    at,
    steps: [{ replies, requests: 1, text, calls: [], usage }],
    outcome: { status: 'completed', reason: 'stop', text },
  }
}
