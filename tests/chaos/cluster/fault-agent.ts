import { appendFileSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'

/** An order to a process: block its event loop for this time, or shift its clock by this time. In milliseconds. */
export type FaultOrder = { block?: number; clock?: number }

/** The variable with the file of orders, which a process that preloads this module reads on SIGUSR2. */
export const ordersVariable = 'CHAOS_ORDERS'

/** The file beside it in which such a process records its stalls: one JSON array `[from, to]` per line. */
export const stallsFile = (ordersFile: string) => `${ordersFile}.stalls`

/** The variable with the ports that connections of such a process use in place of others, as JSON. */
export const routesVariable = 'CHAOS_ROUTES'

const routes = process.env[routesVariable]
if (routes !== undefined) replacePorts(JSON.parse(routes) as Record<string, number>)

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

/** Leads new connections to proxies. The addresses that Redis announces are those of its servers. */
function replacePorts(ports: Record<string, number>): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (...args: unknown[]) => Socket
  const routed = new Proxy(connect, {
    apply(usual, socket, args: unknown[]) {
      const [first] = args
      // Node calls it with a list that holds the options.
      const list = Array.isArray(first) ? (first as unknown[]) : args
      const options = list[0] as { port?: number | string } | undefined
      const port = ports[String(options?.port)]
      if (port !== undefined) list[0] = { ...options, port }
      return Reflect.apply(usual, socket, args)
    },
  })
  Reflect.set(Socket.prototype, 'connect', routed)
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
