import { z } from 'zod'

/** What every versioned thing has. Ids are made by Longhaul and never change, keys are the user's and may. */
export const Registered = z.object({
  id: z.string(),
  key: z.string(),
  version: z.string(),
  versionDescription: z.string().optional(),
  /** Epoch milliseconds: of the first version, and of this one. */
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Registered = z.infer<typeof Registered>
