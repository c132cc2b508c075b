import { createBudget, type Engine, LonghaulError } from '@longhaul/core'
import { parseAll } from './template.ts'

/** The reason why a template can never be rendered; undefined when it can. */
export function problemOf(template: string, engine: Engine): string | undefined {
  try {
    parseAll([{ path: '', text: template }], { engine, budget: createBudget() })
    return undefined
  } catch (error) {
    if (error instanceof LonghaulError) return error.message
    throw error
  }
}
