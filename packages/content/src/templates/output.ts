import { type Budget, limits, LonghaulError, OverBudget } from '@longhaul/core'

/** Collects the rendered text, up to the characters that are left. */
export function createOutput(left: Pick<Budget, 'characters'>) {
  let text = ''
  return {
    add(piece: string) {
      left.characters -= piece.length
      if (left.characters < 0) {
        throw overBudget(`becomes longer than ${limits.content.characters} characters`)
      }
      text += piece
    },
    // A template may split a surrogate pair, and a lone surrogate cannot be stored.
    text: () => text.toWellFormed(),
  }
}

/** A value as a template prints it: text unchanged, maps and lists as JSON, null as an empty text. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return JSON.stringify(value) ?? ''
}

/** The own value of a map or a list under a name; never an inherited one, such as `constructor`. */
export function ownValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

/** The error of a template that needs more than the rest of the budget. */
export function overBudget(what: string): OverBudget {
  return new OverBudget(`the template ${what}; all templates of a request share this limit`)
}

/** The error of a template that cannot be rendered. */
export function broken(what: string): LonghaulError {
  return new LonghaulError('invalid', `the template ${what}`)
}
