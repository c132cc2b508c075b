type Log = { warn: (fields: object, message: string) => void }

/** What is logged of an error, and which connection it is of. */
type Fields = { err: unknown; role?: string }

/**
 * Logs errors that an outage repeats many times a second: the first of a kind at once, then the latest every few
 * seconds, with how many there were. A kind is a message and a role.
 */
export function createErrorLog(log: Log, { everyMs = 5_000 } = {}) {
  const resting = new Map<string, { count: number; latest: Fields }>()

  return (fields: Fields, message: string): void => {
    const kind = `${fields.role ?? ''} ${message}`
    const known = resting.get(kind)
    if (known !== undefined) {
      known.count += 1
      known.latest = fields
      return
    }
    log.warn(fields, message)
    rest()

    function rest(): void {
      const counted = { count: 0, latest: fields }
      resting.set(kind, counted)
      setTimeout(() => {
        resting.delete(kind)
        if (counted.count === 0) return
        log.warn({ ...counted.latest, times: counted.count }, message)
        rest()
      }, everyMs).unref()
    }
  }
}
