/** The time zone of the viewer. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** A time as the clocks of a zone show it: `Tue 2 Dec, 09:00`. The year is left out if it is this one. */
export function zonedTime(at: string, zone: string): string {
  const time = new Date(at)
  const isThisYear = time.getUTCFullYear() === new Date().getUTCFullYear()
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: knownZone(zone),
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(!isThisYear && { year: 'numeric' }),
  }).format(time)
}

/** The server may know zones that the browser does not know, and a field may have half of a name. */
function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

/** All zones that the browser knows. */
export function timeZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')]
}

/** The value of a field for a date and a time, in the viewer's zone. */
export function fieldTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** The time in such a field, with its zone; undefined when it is empty. */
export function timeOfField(value: string): string | undefined {
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
