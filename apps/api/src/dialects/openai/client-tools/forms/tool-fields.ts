import { limits } from '@longhaul/core'
import type { PlanChanges } from '@longhaul/tasks'
import { z } from 'zod'
import { line } from '../../../shared/request-fields.ts'

/** The function that the model sees in place of a client's tool. */
export type ModelFunction = Omit<NonNullable<PlanChanges['tools']>[number], 'path'>

export const toolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: 'must be 1 to 64 letters, digits, _ and -',
})
export const text = z.string().max(limits.template)
export const itemId = line.min(1).max(limits.fields.id)
/** The fields that every item of an input may have. */
export const itemFields = { id: itemId.optional(), status: z.string().max(64).optional() }

export function joinParagraphs(...paragraphs: string[]): string {
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')
}
