/**
 * Resolves when capacity is free for `bytes` bytes to receive or send. A function that passes its `ReserveCapacity` on
 * may no longer use it itself.
 */
export type ReserveCapacity = (bytes: number) => Promise<void>
