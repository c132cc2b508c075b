import { type Budget, LonghaulError } from '@longhaul/core'
import { type Input, type Output, type WorkName, workOf } from './kinds-of-work.ts'

/** The input is JSON text, since the objects of large integers cannot be sent to a thread. */
export type Job = { name: WorkName; input: string; budget: Budget }

/** Errors lose their class between threads, so a refusal is sent as its parts. */
export type Outcome<T> = ({ value: T } | { refused: Refusal }) & { left: Budget }
type Refusal = Pick<LonghaulError, 'code' | 'message' | 'fields'>

/** The entry point of a pool thread. It works within the rest of the budget. */
export default function run({ name, input, budget: left }: Job): Outcome<Output<WorkName>> {
  try {
    const value = workOf(name).run(JSON.parse(input) as Input<WorkName>, left, { atOnce: false })
    return { value, left }
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error
    const { code, message, fields } = error
    return { refused: { code, message, fields }, left }
  }
}
