/** Runs some work, and then the cleanups that it registered, the last one first, also when the work fails. */
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
