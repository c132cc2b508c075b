import { z } from 'zod'

/**
 * The fields of every versioned item. Longhaul creates ids, and they never change. Users choose keys, and may change
 * them.
 */
export const Registered = z.object({
  id: z.string(),
  key: z.string(),
  version: z.string(),
  versionDescription: z.string().optional(),
  /** When the first version and this version were created, epoch milliseconds. */
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Registered = z.infer<typeof Registered>
