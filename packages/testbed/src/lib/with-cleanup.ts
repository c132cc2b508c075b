/** Runs some work and then, however it went, what it asked to be done at the end: the last first. */
export async function withCleanup<T>(
  work: (atEnd: (step: () => unknown) => void) => Promise<T>,
): Promise<T> {
  const steps: (() => unknown)[] = []
  try {
    return await work((step) => steps.unshift(step))
  } finally {
    for (const step of steps) await step()
  }
}
