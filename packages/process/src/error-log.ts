type Log = { warn: (fields: object, message: string) => void }

/** The logged fields of an error, with the role of its connection. */
type Fields = { err: unknown; role?: string }

/**
 * Logs errors that an outage repeats many times a second: the first of a kind at once, then the latest one every few
 * seconds, with the number of errors. A kind is a message and a role.
 */
export function createErrorLog(log: Log, { everyMs = 5_000 } = {}) {
  const recent = new Map<string, { count: number; latest: Fields }>()

  return (fields: Fields, message: string): void => {
    const kind = `${fields.role ?? ''} ${message}`
    const known = recent.get(kind)
    if (known !== undefined) {
      known.count += 1
      known.latest = fields
      return
    }
    log.warn(fields, message)
    startInterval()

    function startInterval(): void {
      const counted = { count: 0, latest: fields }
      recent.set(kind, counted)
      setTimeout(() => {
        recent.delete(kind)
        if (counted.count === 0) return
        log.warn({ ...counted.latest, times: counted.count }, message)
        startInterval()
      }, everyMs).unref()
    }
  }
}
