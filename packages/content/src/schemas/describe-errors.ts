import type { ErrorObject } from 'ajv/dist/2020.js'
import { cutText } from '@longhaul/core'

/** The number of errors that a message names. */
export const namedErrors = 3

/** The longest path in a schema or a value that a message shows, in characters. */
export const longestPath = 200
/** The longest message, in characters: a message repeats a pattern, which may be as long as a schema. */
const longestMessage = 500

/** The first errors in one line. */
export function inOneLine(errors: ErrorObject[]): string {
  // There may be a million errors, so only the first ones are described.
  const lines = [...new Set(errors.slice(0, 20).map(lineOf))]
  return lines.slice(0, namedErrors).join('; ') + (lines.length > namedErrors ? '; and more' : '')
}

function lineOf(error: ErrorObject): string {
  return `${pathOf(error)} ${messageOf(error)}`.trim()
}

/** `/items/0/name` as people write it: `items[0].name`. */
export function pathOf(error: ErrorObject): string {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((before, step) => (/^\d+$/.test(step) ? `${before}[${step}]` : join(before, step)), '')
  return cutText(path, longestPath)
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

export function messageOf(error: ErrorObject): string {
  const params: Record<string, unknown> = error.params
  const detail = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue']
  const message = cutText(error.message ?? `fails ${error.keyword}`, longestMessage)
  return detail === undefined ? message : `${message}: ${cutText(JSON.stringify(detail), 200)}`
}
