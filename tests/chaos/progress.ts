/** Prints the progress of a run at intervals. */
export function createProgress(tasks: number, say: (text: string) => void) {
  const start = Date.now()
  let ended = 0
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - start) / 1_000)
    say(`${seconds} s: ${ended} of ${tasks} tasks have ended`)
  }, 10_000)
  return {
    taskEnded() {
      ended += 1
    },
    stop: () => clearInterval(timer),
  }
}
