/** The domains in which a short name is searched, and the number of dots from which a name is not short. */
export type Search = { domains: string[]; ndots: number }

/** Reads the search settings of the system's resolv.conf. The last line of a kind counts. */
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

/** The full names for which a name may stand, in the order of the queries. */
export function candidates(host: string, { domains, ndots }: Search): string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)]
  const within = domains
    .map((domain) => domain.replaceAll(/^\.+|\.+$/g, ''))
    .map((domain) => (domain === '' ? host : `${host}.${domain}`))
  const dots = host.split('.').length - 1
  const names = dots >= ndots ? [host, ...within] : [...within, host]
  return [...new Set(names)].filter(({ length }) => length <= maxNameLength)
}

/** The longest name in DNS. */
const maxNameLength = 253
