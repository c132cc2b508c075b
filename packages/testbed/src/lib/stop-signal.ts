/** Aborted when somebody stops this process; a second time it ends at once, as ever. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort())
  }
  return stop.signal
}
