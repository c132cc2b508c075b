// Preloaded by a process: shifts its clock.
const shift = Number(process.env['SHIFTED_CLOCK_MS'] ?? 0)
const { now } = Date

Date.now = () => now() + shift
globalThis.Date = new Proxy(Date, {
  construct: (date, given: []) => (given.length > 0 ? new date(...given) : new date(now() + shift)),
})
