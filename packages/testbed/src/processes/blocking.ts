/** The text of a message that blocks the event loop of each process that sends it to a model. */
export const blockingText = 'block the event loop'

/** The environment of a process that such a message blocks for this many milliseconds of CPU time. */
export function blockable(ms: number): Record<string, string> {
  const preload = new URL('./blocking-preload.ts', import.meta.url).href
  return { NODE_OPTIONS: `--import=${preload}`, BLOCKING_MS: String(ms) }
}
