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
 * An HTTP/1.1 client that connects only to checked addresses: a name is resolved once, for both the check and the
 * connection. Connections are not reused. Informational replies, tiny chunks and their extensions are no part of a
 * body: the limit of a connection's bytes bounds them.
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
  /** The limit for all replies, decoded. The connections may receive twice as many bytes, and a little more. */
  maxBytes: number
  /** Called when a connection is made: from then on a request may have reached the server. */
  onConnected: () => void
}): Agent {
  const lookUp = callbackify(
    async (host: string) => await passingAddresses(host, { allow, resolve, signal }),
  )
  const most = 2 * maxBytes + limits.egress.overhead
  let came = 0

  /** Counts the bytes that the HTTP parser reads from a connection. */
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
    // With this option Node calls `lookup` for all addresses of a name, which is the form that it returns here.
    autoSelectFamily: true,
    lookup: (host, _, done) => lookUp(host, done),
  })
  return new Agent({
    // The caller's time limit covers the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A reused connection may close while the next request is sent. It would be unknown whether that request arrived.
    pipelining: 0,
    connect: (options, done) => {
      // Node looks up only names: it does not call `lookup` for an address in a URL.
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
  // Node tries each address in turn, so thousands of addresses would turn one call into a scan of a network.
  const tried = addresses.slice(0, limits.egress.addresses)
  return tried.map((address) => ({ address, family: isIP(address) }))
}

function refused(problem: string): Failure {
  return new Failure('refused', `the URL ${problem}`)
}

function unknownHost(host: string, cause?: unknown): Failure {
  return new Failure('unreachable', `the host ${cutText(host, 100)} has no address`, cause)
}
