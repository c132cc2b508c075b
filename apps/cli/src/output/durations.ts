const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `5m`, `2h`, `1d`, or a number of seconds, in milliseconds; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * units[unit as keyof typeof units]
}

/** A duration for people: `850 ms`, `4.2 s`, `3 m 05 s`, `2 h 04 m`, `3 d 1 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < units.h) return `${Math.floor(ms / units.m)} m ${pad(Math.floor(ms / 1_000) % 60)} s`
  if (ms < units.d) return `${Math.floor(ms / units.h)} h ${pad(Math.floor(ms / units.m) % 60)} m`
  return `${Math.floor(ms / units.d)} d ${Math.floor(ms / units.h) % 24} h`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
