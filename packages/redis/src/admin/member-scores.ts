/** Members with their scores, which Redis returns in one flat list. */
export function scored(flat: string[]): { member: string; score: number }[] {
  return flat.flatMap((member, at) =>
    at % 2 === 0 ? [{ member, score: Number(flat[at + 1]) }] : [],
  )
}
