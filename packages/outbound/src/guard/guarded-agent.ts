import type { LookupAddress } from 'node:dns'
import { isIP, type Socket } from 'node:net'
import { callbackify } from 'node:util'
import { cutText, limits } from '@longhaul/core'
import { Agent, buildConnector } from 'undici'
import { checkAddresses } from './check-url.ts'
import type { EgressAllow } from './egress-allow.ts'
import { Failure } from '../http/failure.ts'
import type { Resolve } from '../dns/names.ts'

/**
 * An HTTP/1.1 client whose every connection goes to an address that was checked: the name is
 * resolved once, for the check and the connection alike. Connections are not used again. Informational replies, tiny
 * chunks and their extensions are no part of a body: they end with the bytes that may come.
 */
export function createGuardedAgent({
  allow,
  resolve,
  signal,
  maxBytes,
  onConnected,
}: {
  allow: EgressAllow
  resolve: Resolve
  /** Stops look-ups of names. */
  signal: AbortSignal
  /** Of all that its replies bring, decoded. What comes over its connections may be twice as much, and a little more. */
  maxBytes: number
  /** From here on a request may have reached the server. */
  onConnected: () => void
}): Agent {
  const lookUp = callbackify(
    async (host: string) => await passingAddresses(host, { allow, resolve, signal }),
  )
  const most = 2 * maxBytes + limits.egress.overhead
  let came = 0

  /** Counts what the HTTP parser takes from a connection. */
  function counted(socket: Socket): void {
    const read = socket.read.bind(socket)
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size)
      if (chunk instanceof Uint8Array) came += chunk.length
      if (came <= most) return chunk
      socket.destroy(new Failure('too_large', `the server sends more than ${most} bytes`))
      return null
    }
  }

  const connect = buildConnector({
    allowH2: false,
    timeout: limits.egress.connect,
    // Only then does Node ask for all addresses of a name, which is the form of the answer here.
    autoSelectFamily: true,
    lookup: (host, _, done) => lookUp(host, done),
  })
  return new Agent({
    // The caller's time limit covers the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A reused connection may close while the next request is sent: then it is unknown whether that one arrived.
    pipelining: 0,
    connect: (options, done) => {
      // Node looks up names alone; an address in a URL never gets to `lookup`.
      const problem =
        isIP(options.hostname) === 0
          ? undefined
          : checkAddresses(options.hostname, [options.hostname], allow)
      if (problem !== undefined) {
        done(refused(problem), null)
        return
      }
      connect(options, (...result) => {
        if (result[0] === null) {
          counted(result[1])
          onConnected()
        }
        done(...result)
      })
    },
  })
}

async function passingAddresses(
  host: string,
  { allow, resolve, signal }: { allow: EgressAllow; resolve: Resolve; signal: AbortSignal },
): Promise<LookupAddress[]> {
  const addresses = await resolve(host, signal).catch((error: unknown) => {
    throw error instanceof Failure ? error : unknownHost(host, error)
  })
  if (addresses.length === 0) throw unknownHost(host)
  const problem = checkAddresses(host, addresses, allow)
  if (problem !== undefined) throw refused(problem)
  // Each is tried in turn: thousands of them would make one call a scan of a network.
  const tried = addresses.slice(0, limits.egress.addresses)
  return tried.map((address) => ({ address, family: isIP(address) }))
}

function refused(problem: string): Failure {
  return new Failure('refused', `the URL ${problem}`)
}

function unknownHost(host: string, cause?: unknown): Failure {
  return new Failure('unreachable', `the host ${cutText(host, 100)} has no address`, cause)
}
