import { LonghaulError } from '@longhaul/core'
import { render } from '../template.ts'

/** The outcome of a jinja template: `printed …`, or the reason of a refusal; other errors are returned unchanged. */
export function outcomeOf(template: string, variables: Record<string, unknown> = {}): unknown {
  try {
    return `printed ${render(template, { engine: 'jinja', variables })}`
  } catch (error) {
    return error instanceof LonghaulError && error.code === 'invalid' ? error.message : error
  }
}
