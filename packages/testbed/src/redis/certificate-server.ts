import { freePort } from '@longhaul/provision'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startRedis } from './redis-server.ts'

/**
 * Certificates for tests, valid for 127.0.0.1, ::1, localhost and redis.example. They are of an authority that only
 * tests trust, whose own key does not exist any more.
 */
export const certificatePaths = {
  authority: pathOf('authority'),
  server: pathOf('server'),
  serverKey: pathOf('server-key'),
  client: pathOf('client'),
  clientKey: pathOf('client-key'),
}

/** A Redis that serves TLS on `tlsPort`, asks its clients for certificates, and serves `url` without TLS. */
export async function startTlsRedis() {
  const { flags, tlsPort } = await tlsFlags()
  return { server: await startRedis({ flags }), tlsPort }
}

/** The flags of such a Redis. */
export async function tlsFlags(): Promise<{ flags: string[]; tlsPort: number }> {
  const tlsPort = (await freePort()) ?? 0
  const { authority, server, serverKey } = certificatePaths
  const files = ['--tls-cert-file', server, '--tls-key-file', serverKey]
  const clients = ['--tls-ca-cert-file', authority, '--tls-auth-clients', 'yes']
  return { flags: ['--tls-port', String(tlsPort), ...files, ...clients], tlsPort }
}

/** What a client needs to connect to such a Redis. */
export function clientCertificates(): { ca: string; cert: string; key: string } {
  const { authority, client, clientKey } = certificatePaths
  return {
    ca: readFileSync(authority, 'utf8'),
    cert: readFileSync(client, 'utf8'),
    key: readFileSync(clientKey, 'utf8'),
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url))
}
