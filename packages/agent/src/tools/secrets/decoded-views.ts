/** A decoded text. `positions` has the position of each of its characters, and of its end, in the original. */
export type View = { text: string; positions?: readonly number[] }

/** A way to encode characters: a pattern of the codes, and a function that decodes one. */
type Coding = { codes: RegExp; plainOf: (code: string) => string }

const percentCodes = [
  '%[0-7][0-9a-f]',
  '%[cd][0-9a-f]%[89ab][0-9a-f]',
  '%e[0-9a-f](?:%[89ab][0-9a-f]){2}',
  '%f[0-7](?:%[89ab][0-9a-f]){3}',
].join('|')
const json: Coding = { codes: /\\(?:u[0-9a-f]{4}|["\\/nrtbf'])/gi, plainOf: unescaped }
const percent: Coding = { codes: new RegExp(percentCodes, 'gi'), plainOf: unquoted }
const form: Coding = {
  codes: new RegExp(String.raw`\+|${percentCodes}`, 'gi'),
  plainOf: (code) => (code === '+' ? ' ' : unquoted(code)),
}
const html: Coding = {
  codes: /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/gi,
  plainOf: ofEntity,
}

/** A text and its decoded views: from JSON, from JSON in JSON, and each of these from a URL, a form, or HTML. */
export function decodedViewsOf(text: string): View[] {
  const inJson = decoded({ text }, json)
  const twice = inJson && decoded(inJson, json)
  const layers = [{ text }, inJson, twice].filter((view) => view !== undefined)
  const inner = layers.flatMap((view) => [percent, form, html].map((each) => decoded(view, each)))
  return [...layers, ...inner.filter((view) => view !== undefined)]
}

/** Undefined when there is nothing to decode. */
function decoded({ text, positions }: View, { codes, plainOf }: Coding): View | undefined {
  const parts: string[] = []
  const at: number[] = []
  const originOf = (position: number) => positions?.[position] ?? position
  let end = 0
  const keep = (until: number) => {
    parts.push(text.slice(end, until))
    for (; end < until; end += 1) at.push(originOf(end))
  }
  for (const { 0: code, index } of text.matchAll(codes)) {
    keep(index)
    const plain = plainOf(code)
    parts.push(plain)
    for (let unit = 0; unit < plain.length; unit += 1) at.push(originOf(index))
    end = index + code.length
  }
  if (parts.length === 0) return undefined
  keep(text.length)
  at.push(originOf(text.length))
  return { text: parts.join(''), positions: at }
}

const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function unescaped(code: string): string {
  const [, kind = ''] = code
  if (code.length > 2) return String.fromCharCode(Number.parseInt(code.slice(2), 16))
  return controls[kind] ?? kind
}

function unquoted(code: string): string {
  try {
    return decodeURIComponent(code)
  } catch {
    return code
  }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function ofEntity(code: string): string {
  const name = code.slice(1, -1).toLowerCase()
  if (!name.startsWith('#')) return entities[name] ?? code
  const point = Number(name.startsWith('#x') ? `0${name.slice(1)}` : name.slice(1))
  return point <= 0x10_ff_ff ? String.fromCodePoint(point) : code
}
