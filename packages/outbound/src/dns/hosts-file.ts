import { isIP } from 'node:net'

/** The addresses of each name in a hosts file. Names are in lower case. `localhost` is always known. */
export function hostsIn(text: string): ReadonlyMap<string, string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    // An address with the name of an interface is useless elsewhere.
    if (isIP(address) === 0 || address.includes('%')) continue
    for (const name of names) {
      const known = hosts.get(name.toLowerCase()) ?? []
      if (!known.includes(address)) hosts.set(name.toLowerCase(), [...known, address])
    }
  }
  if (!hosts.has('localhost')) hosts.set('localhost', ['127.0.0.1', '::1'])
  return hosts
}
