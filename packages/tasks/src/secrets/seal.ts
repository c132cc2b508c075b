/**
 * Seals a secret so that it opens only for its own workspace. Throws invalid and names the field at `path` when there
 * is no key to seal with.
 */
export type Seal = (secret: string, owner: { workspace: string; path: string }) => string
