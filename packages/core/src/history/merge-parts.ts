import type { UserPart } from './message.ts'

/** Adds parts to a user message. Consecutive texts are joined. */
export function addParts(parts: UserPart[], more: readonly UserPart[]): UserPart[] {
  for (const part of more) {
    const last = parts.at(-1)
    if (part.kind === 'text' && last?.kind === 'text') last.text += `\n\n${part.text}`
    // A text is copied, because it may grow later and its source must not. A file is not copied, because its contents
    // are filled in later.
    else parts.push(part.kind === 'text' ? { ...part } : part)
  }
  return parts
}
