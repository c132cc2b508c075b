import type { UserPart } from './message.ts'

/** Adds parts to what a user has said; texts that follow each other become one. */
export function addParts(merged: UserPart[], more: readonly UserPart[]): UserPart[] {
  for (const part of more) {
    const last = merged.at(-1)
    if (part.kind === 'text' && last?.kind === 'text') last.text += `\n\n${part.text}`
    // A text may grow later, and must not grow where it came from; a file is filled in later, in its place.
    else merged.push(part.kind === 'text' ? { ...part } : part)
  }
  return merged
}
