import { formatDuration } from './durations.ts'
import { safeText } from './safe-text.ts'

export type Spinner = { say(what: string): void; hide(): void; stop(): void }

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Shows on stderr, if that is a terminal, what a command waits for and since when. */
export function startSpinner(what: string, now: () => number = Date.now): Spinner {
  const { stderr } = process
  if (!stderr.isTTY) return { say: () => {}, hide: () => {}, stop: () => {} }
  const began = now()
  let text = what
  let frame = 0
  let shown = false
  const hide = () => {
    if (shown) stderr.write('\r\u001B[K')
    shown = false
  }
  const draw = () => {
    frame = (frame + 1) % frames.length
    const line = `${frames[frame]} ${safeText(text)} (${formatDuration(now() - began)})`
    stderr.write(`\r\u001B[K${line.slice(0, Math.max(10, stderr.columns - 1))}`)
    shown = true
  }
  let timer = setInterval(draw, 120)
  return {
    say(next) {
      text = next
    },
    /** Until the next pause of the output. */
    hide() {
      hide()
      clearInterval(timer)
      timer = setInterval(draw, 1_000)
    },
    stop() {
      clearInterval(timer)
      hide()
    },
  }
}
