/**
 * Seals a workspace's secret so that only its own workers open it. Throws invalid, naming the field at
 * `path`, when there is no key to seal with.
 */
export type Seal = (secret: string, place: { workspace: string; path: string }) => string
