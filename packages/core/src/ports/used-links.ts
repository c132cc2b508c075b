/** Sign-in links that were used, by the hash of each. */
export interface UsedLinks {
  /** Records the use of a link for `ms` milliseconds. False if it was recorded before. */
  use(hash: string, ms: number): Promise<boolean>
}
