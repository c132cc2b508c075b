/** Milliseconds, and what must not have happened. */
export type Found = {
  afterKill: number[]
  afterStep: number[]
  afterGrace: number[]
  exits: number[]
  faults: string[]
}
