import { Cron } from 'croner'
import { LRUCache } from 'lru-cache'
import { invalid, LonghaulError } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import { parseIsoDuration, parseIsoTime } from '../scheduling/start-time.ts'

/** When a schedule fires, as its expression tells. */
export type Cadence =
  | {
      type: 'cron'
      timezone: string
      /** The next wall time after one that the pattern matches. */
      nextWall: (wall: number) => number | undefined
      /** Whether the pattern matches every hour of the days that it matches. */
      isHourly: boolean
    }
  | { type: 'once'; at: number }
  | { type: 'interval'; everyMs: number }

export type CadenceType = Cadence['type']
type Fields = { type: CadenceType; expression: string; timezone: string }

/** Cadences that were parsed lately: a schedule asks for its own one again for each occurrence. */
const parsed = new LRUCache<string, Cadence>({ max: 1_000 })

/** Parses an expression. Throws invalid with the reason `invalid_expression`. */
export function parseCadence(fields: Fields): Cadence {
  const name = `${fields.type} ${fields.timezone} ${fields.expression}`
  const cadence = parsed.get(name) ?? parse(fields)
  parsed.set(name, cadence)
  return cadence
}

function parse({ type, expression, timezone }: Fields): Cadence {
  switch (type) {
    case 'cron':
      return { type, timezone, ...parseCron(expression) }
    case 'once': {
      const at = parseIsoTime(/^@at +(\S+)$/.exec(expression)?.[1] ?? '')
      if (at !== undefined) return { type, at }
      throw invalidExpression(
        'must be @at and a time with its zone, as in @at 2030-01-31T09:00:00Z',
      )
    }
    case 'interval': {
      const everyMs = parseEvery(expression)
      if (everyMs !== undefined && isInterval(everyMs)) return { type, everyMs }
      throw invalidExpression(
        'must be @every and a duration from one minute to 366 days, as in @every 90m or @every PT1H30M',
      )
    }
  }
}

export function invalidExpression(message: string): LonghaulError {
  const { fields } = invalid('expression', message)
  return new LonghaulError('invalid', `expression: ${message}`, {
    fields,
    reason: 'invalid_expression',
  })
}

const form =
  'must have 5 fields (minute, hour, day of the month, month, weekday) or 6 (a second before them), as in 0 9 * * 1-5'

function parseCron(expression: string) {
  const given = expression.trim().split(/\s+/)
  if (given.length !== 5 && given.length !== 6) throw invalidExpression(form)
  // The library would replace a question mark by the present time.
  const fields = given.map((field) => (field === '?' ? '*' : field))
  if (fields.length === 6 && !/^[0-5]?\d$/.test(fields[0] ?? '')) {
    throw invalidExpression(
      'must have one number from 0 to 59 as its second: a schedule fires at most once a minute',
    )
  }
  const pattern = cronOf(fields.join(' '))
  const nextWall = (wall: number) => pattern.nextRun(new Date(wall))?.getTime()
  return { nextWall, isHourly: matchesEveryHour(fields.at(-4) ?? '') }
}

function cronOf(pattern: string): Cron {
  try {
    return new Cron(pattern, { utcOffset: 0, paused: true })
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : ''
    throw invalidExpression(`is no cron expression (${why}). It ${form}`)
  }
}

function matchesEveryHour(hours: string): boolean {
  const lastHour = 23 * 3_600_000
  return cronOf(`0 ${hours} * * *`).nextRuns(24, new Date(-1)).at(-1)?.getTime() === lastHour
}

/** A duration of ISO 8601, or one such as 1h30m. */
function parseEvery(expression: string): number | undefined {
  const [, duration = ''] = /^@every +(\S+)$/.exec(expression) ?? []
  const iso = parseIsoDuration(duration)
  if (iso !== undefined) return iso
  const [, hours, minutes, seconds] =
    /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?$/.exec(duration) ?? []
  if ((hours ?? minutes ?? seconds) === undefined) return undefined
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1_000
}

function isInterval(ms: number): boolean {
  const { shortest, longest } = limits.schedules.interval
  return ms >= shortest && ms <= longest
}
