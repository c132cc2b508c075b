/**
 * Kills a call in whatever state it is. Bubblewrap alone is not enough: while it starts, the first process of the sandbox
 * does not yet end with it, but it is in the group of bubblewrap.
 */
export function killCall({ bwrap, init }: { bwrap: number; init?: number | undefined }): void {
  kill(-bwrap)
  if (init !== undefined) kill(init)
}

/** It may have ended by itself. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
