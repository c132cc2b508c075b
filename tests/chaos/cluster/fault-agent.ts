import { appendFileSync, readFileSync } from 'node:fs'

/** What is done to a process from within: its event loop stands still for so long, its clock is so wrong. Milliseconds. */
export type FaultOrder = { block?: number; clock?: number }

/** Where a process that is started with this module preloaded looks what to do when it gets a SIGUSR2. */
export const ordersVariable = 'CHAOS_ORDERS'

/** Beside it, where such a process tells when it stood still: one JSON array `[from, to]` a line. */
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

/** Tells when this process was not let run for so long that others may have taken it for dead. */
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

/** Puts itself between this process and its clock. */
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
