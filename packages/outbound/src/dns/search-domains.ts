/** In which domains a short name is sought, and with how many dots a name is not short. */
export type Search = { domains: string[]; ndots: number }

/** What the file of the system's resolver (resolv.conf) says of it. The last line of a kind counts. */
export function searchIn(text: string): Search {
  const search: Search = { domains: [], ndots: 1 }
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'search') search.domains = values
    if (keyword === 'domain') search.domains = values.slice(0, 1)
    if (keyword !== 'options') continue
    for (const option of values) {
      const [, ndots] = /^ndots:(\d+)$/.exec(option) ?? []
      if (ndots !== undefined) search.ndots = Math.min(Number(ndots), 15)
    }
  }
  return search
}

/** The full names that a name may stand for, in the order in which they are asked for. */
export function candidates(host: string, { domains, ndots }: Search): string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)]
  const within = domains
    .map((domain) => domain.replaceAll(/^\.+|\.+$/g, ''))
    .map((domain) => (domain === '' ? host : `${host}.${domain}`))
  const dots = host.split('.').length - 1
  const names = dots >= ndots ? [host, ...within] : [...within, host]
  return [...new Set(names)].filter(({ length }) => length <= maxNameLength)
}

/** Of a name, by the rules of DNS. */
const maxNameLength = 253
