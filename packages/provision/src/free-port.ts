import { createServer } from 'node:net'

/** A port that is free now: the wanted one, or any for 0; undefined when the wanted one is in use. */
export const freePort = async (wanted = 0, host = '127.0.0.1'): Promise<number | undefined> => {
  const probe = createServer()
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  probe.once('error', () => resolve(undefined))
  probe.listen(wanted, host, () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
  })
  return promise
}
