/**
 * Kills a call in any state. To kill bubblewrap alone is not enough: while it starts, the first process of the sandbox
 * does not yet end with it, but is in its process group.
 */
export function killCall({ bwrap, init }: { bwrap: number; init?: number | undefined }): void {
  kill(-bwrap)
  if (init !== undefined) kill(init)
}

/** The process may already have ended. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
