/**
 * Shifts every time in a text that is near the given one, as if the text had been written later. Times are
 * epoch milliseconds, epoch seconds, and ISO dates.
 */
export function shiftTimes(text: string, { near, by }: { near: number; by: number }): string {
  const isNear = (time: number) => time > near - day && time < near + 1_000 * day
  return text
    .replaceAll(/(?<![\w.])\d{13}(?![\w.])/g, (digits) =>
      isNear(Number(digits)) ? String(Number(digits) + by) : digits,
    )
    .replaceAll(/(?<![\w.])\d{10}(?![\w.])/g, (digits) =>
      isNear(Number(digits) * 1_000) ? String(Number(digits) + by / 1_000) : digits,
    )
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (date) =>
      isNear(Date.parse(date)) ? new Date(Date.parse(date) + by).toISOString() : date,
    )
}

const day = 24 * 3_600_000
