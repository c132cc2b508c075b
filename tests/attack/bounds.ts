const MB = 1024 * 1024

/** The memory that one attack may make a process of each kind hold. docs/operate/run.md tells operators. */
export const memoryBounds = { api: 1_024 * MB, worker: 1_536 * MB } as const

/** How long an attack may take with what it prepares, and the whole run: what is later is not begun. */
export const attackMs = 30_000
export const runMs = 10 * 60_000

/** How long the turns of the neighbours have to end behind an attack. */
export const patienceMs = 15_000

/** How long a process may leave `GET /healthz` unanswered: as long as a lease lasts here. */
export const standstillMs = 5_000
