/**
 * Resolves when memory is free for so many bytes that arrive or leave. A function that passes its `Room` on may no longer
 * use it.
 */
export type ReserveCapacity = (bytes: number) => Promise<void>
