import { type Budget, limits, LonghaulError, OverBudget } from '@longhaul/core'

/** The rendered text. It grows while there are characters left. */
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
    // A template may cut a surrogate pair in half, and a lone half cannot be stored.
    text: () => text.toWellFormed(),
  }
}

/** A value as a template prints it: text as it is, maps and lists as JSON, null as nothing. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return JSON.stringify(value) ?? ''
}

/** What a map or a list itself holds under a name; never what it inherits, such as `constructor`. */
export function ownValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

/** The error of a template that needs more than is left of the budget. */
export function overBudget(what: string): OverBudget {
  return new OverBudget(`the template ${what}; all templates of a request share this limit`)
}

/** The error of a template that cannot be rendered. */
export function broken(what: string): LonghaulError {
  return new LonghaulError('invalid', `the template ${what}`)
}
