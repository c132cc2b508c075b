import { createBudget, LonghaulError } from '@longhaul/core'
import { renderAll, type Template, type Values } from './template.ts'

export type RenderJob = { templates: readonly Template[] } & Values

/** Errors lose their class between threads, so a refusal is told by its parts. */
export type Outcome<T> = { value: T } | { refused: Refusal }
export type Refusal = Pick<LonghaulError, 'code' | 'message' | 'fields'>

/** What a thread of the pool runs: rendering under the full budget. */
export default function run({ templates, ...values }: RenderJob): Outcome<string[]> {
  try {
    return { value: renderAll(templates, { ...values, budget: createBudget() }) }
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error
    const { code, message, fields } = error
    return { refused: { code, message, fields } }
  }
}
