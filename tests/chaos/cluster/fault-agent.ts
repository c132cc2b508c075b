import { appendFileSync, readFileSync } from 'node:fs'

/** An order to a process: block its event loop for this time, or shift its clock by this time. In milliseconds. */
export type FaultOrder = { block?: number; clock?: number }

/** The variable with the file of orders, which a process that preloads this module reads on SIGUSR2. */
export const ordersVariable = 'CHAOS_ORDERS'

/** The file beside it in which such a process records its stalls: one JSON array `[from, to]` per line. */
export const stallsFile = (ordersFile: string) => `${ordersFile}.stalls`

const ordersFile = process.env[ordersVariable]
if (ordersFile !== undefined) {
  reportStalls((from, to) =>
    appendFileSync(stallsFile(ordersFile), `${JSON.stringify([from, to])}\n`),
  )
  const shiftClock = takeClock()
  process.on('SIGUSR2', () => {
    const { block, clock } = JSON.parse(readFileSync(ordersFile, 'utf8')) as FaultOrder
    if (clock !== undefined) shiftClock(clock)
    if (block !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, block)
  })
}

/** Records when this process did not run for so long that others may have considered it dead. */
export function reportStalls(tell: (from: number, to: number) => void): NodeJS.Timeout {
  const now = Date.now
  let last = now()
  return setInterval(() => {
    const present = now()
    if (present - last > longStall) tell(last, present)
    last = present
  }, 50).unref()
}

/** Milliseconds. */
export const longStall = 300

/** Shifts the clock of this process. */
function takeClock(): (ms: number) => void {
  const now = Date.now
  let wrongBy = 0
  Date.now = () => now() + wrongBy
  globalThis.Date = new Proxy(Date, {
    construct: (date, given, target) =>
      Reflect.construct(date, given.length === 0 ? [date.now()] : given, target) as object,
  })
  return (ms) => {
    wrongBy = ms
  }
}
