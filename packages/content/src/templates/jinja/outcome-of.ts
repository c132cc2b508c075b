import { LonghaulError } from '@longhaul/core'
import { render } from '../template.ts'

/** What becomes of a jinja template: `printed …`, or the reason why it is refused; another error as it is. */
export function outcomeOf(template: string, variables: Record<string, unknown> = {}): unknown {
  try {
    return `printed ${render(template, { engine: 'jinja', variables })}`
  } catch (error) {
    return error instanceof LonghaulError && error.code === 'invalid' ? error.message : error
  }
}
