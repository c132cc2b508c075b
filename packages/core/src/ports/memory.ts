/**
 * Resolves when there is room in memory for so many bytes that arrive or leave. Whoever passes a `Room` on gives it up.
 */
export type Room = (bytes: number) => Promise<void>
