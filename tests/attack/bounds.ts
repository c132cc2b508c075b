const MB = 1024 * 1024

/** The bounds of memory for each kind of process under one attack. docs/operate/run.md states them for operators. */
export const memoryBounds = { api: 1_024 * MB, worker: 1_536 * MB } as const

/** The time limits of one attack with its preparation, and of the whole run. Later attacks are not started. */
export const attackMs = 30_000
export const runMs = 10 * 60_000

/** The time in which the neighbours' turns must end after an attack. */
export const patienceMs = 15_000

/** The longest time in which a process may not answer `GET /healthz`: the duration of a lease here. */
export const standstillMs = 5_000
