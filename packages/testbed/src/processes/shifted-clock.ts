/** The environment of a process whose clock (`Date`) is shifted by this many milliseconds. */
export function shiftedClock(ms: number): Record<string, string> {
  const preload = new URL('./shifted-clock-preload.ts', import.meta.url).href
  return { NODE_OPTIONS: `--import=${preload}`, SHIFTED_CLOCK_MS: String(ms) }
}
