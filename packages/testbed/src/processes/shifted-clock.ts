/** The environment of a process whose clock is wrong by so many milliseconds, as `Date` tells it. */
export function shiftedClock(ms: number): Record<string, string> {
  const preload = new URL('./shifted-clock-preload.ts', import.meta.url).href
  return { NODE_OPTIONS: `--import=${preload}`, SHIFTED_CLOCK_MS: String(ms) }
}
