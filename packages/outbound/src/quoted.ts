import { cutText } from '@longhaul/core'

/** The beginning of a text in quotes, for an error message. */
export function quoted(text: string): string {
  return JSON.stringify(cutText(text, 80))
}
